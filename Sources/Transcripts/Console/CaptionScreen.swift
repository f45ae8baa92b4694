import RealtimeEvents

/// A conversation on a terminal: final text scrolls up, and text that is still changing is redrawn below it.
///
/// A value type that computes what to write. An unfinished utterance takes one row, which shows the end of its text, so
/// only a few rows are ever redrawn.
struct CaptionScreen {
    /// An utterance that is not final yet.
    private struct LiveUtterance {
        var record: TranscriptRecord

        func isOf(_ other: TranscriptRecord) -> Bool {
            record.session == other.session && record.part == other.part
        }
    }

    let hasColours: Bool
    private var live: [LiveUtterance] = []
    /// The widths of the rows at the bottom that will be redrawn. The cursor is at the end of the last one.
    private var drawnWidths: [Int] = []
    private var session: String?

    /// The maximum number of unfinished utterances shown: the latest ones.
    private static let liveRows = 3
    private static let liveLimit = 64

    init(hasColours: Bool) {
        self.hasColours = hasColours
    }

    /// The output for new partial text.
    mutating func update(_ record: TranscriptRecord, _ columns: Int, _ rows: Int) -> String {
        let new = LiveUtterance(record: record)
        if let index = live.firstIndex(where: { $0.isOf(record) }) {
            live[index] = new
        } else {
            live.append(new)
            if live.count > Self.liveLimit { live.removeFirst() }
        }
        return redraw([], columns, rows)
    }

    /// The output for final text, or for a correction of it.
    mutating func finish(_ record: TranscriptRecord, _ columns: Int, _ rows: Int) -> String {
        live.removeAll { $0.isOf(record) }
        var lines: [String] = []
        if session != record.session {
            lines.append(
                String(DisplayWidth.suffix(of: "== " + PrintableWords.joined(record.session), columns: columns - 1)))
            session = record.session
        }
        return redraw(lines + finalRows(record, columns), columns, rows)
    }

    /// The output at the end: removes unfinished utterances.
    mutating func end(_ columns: Int) -> String {
        live = []
        return redraw([], columns, 1)
    }

    private mutating func redraw(_ lines: [String], _ columns: Int, _ rows: Int) -> String {
        var text = erasure(columns)
        for line in lines { text += line + "\r\n" }
        let shown = live.suffix(max(1, min(Self.liveRows, rows - 1))).map { liveRow($0.record, columns) }
        drawnWidths = shown.map(\.width)
        return text + shown.map(\.text).joined(separator: "\r\n")
    }

    /// Erases the rows drawn last. If the window became narrower, they occupy more rows by now.
    private func erasure(_ columns: Int) -> String {
        let rows = drawnWidths.reduce(0) { $0 + max(1, ($1 + columns - 1) / columns) }
        guard rows > 0 else { return "" }
        return "\r" + (rows > 1 ? "\u{1B}[\(rows - 1)A" : "") + "\u{1B}[J"
    }

    private func liveRow(_ record: TranscriptRecord, _ columns: Int) -> (text: String, width: Int) {
        let head = head(record, columns)
        let words = record.words
        // Leaves the last column free: some terminals start a new row when a row is full.
        let room = max(1, columns - 1 - DisplayWidth.of(head))
        let fits = DisplayWidth.of(words) <= room
        let shown = fits ? words : "…" + DisplayWidth.suffix(of: words, columns: room - 1)
        let width = DisplayWidth.of(head) + DisplayWidth.of(shown)
        return (coloured(head, record) + (hasColours ? "\u{1B}[2m\(shown)\u{1B}[0m" : shown), width)
    }

    private func finalRows(_ record: TranscriptRecord, _ columns: Int) -> [String] {
        let head = head(record, columns)
        let remarks = [record.remark, record.isRevised ? "corrected" : nil].compactMap(\.self).map { "[\($0)]" }
        let words = ([record.words] + remarks).filter { !$0.isEmpty }.joined(separator: " ")
        let indent = DisplayWidth.of(head)
        let lines = DisplayWidth.wrapped(words, columns: max(1, columns - 1 - indent))
        return lines.enumerated().map { index, line in
            (index == 0 ? coloured(head, record) : String(repeating: " ", count: indent)) + line
        }
    }

    /// The time and the speaker; in a narrow window only the speaker.
    private func head(_ record: TranscriptRecord, _ columns: Int) -> String {
        let speaker = record.speaker + String(repeating: " ", count: max(0, 6 - record.speaker.count)) + "  "
        guard columns >= 40 else { return columns >= 20 ? speaker : "" }
        let time = record.reading ?? ""
        return String(repeating: " ", count: max(0, 7 - time.count)) + time + "  " + speaker
    }

    private func coloured(_ head: String, _ record: TranscriptRecord) -> String {
        guard hasColours else { return head }
        return "\u{1B}[\(record.utterance.role == .user ? 36 : 32)m\(head)\u{1B}[0m"
    }
}
