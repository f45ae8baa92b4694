import RealtimeEvents

/// A conversation on a terminal: what is final scrolls up, what is still being said stands below it and is drawn anew.
///
/// A value that says what to write. Words that arrive take one row for each utterance, their newest end; so what is drawn anew
/// is never more than a few rows.
struct CaptionScreen {
    /// An utterance that goes on.
    private struct Live {
        var record: TranscriptRecord

        func isOf(_ other: TranscriptRecord) -> Bool {
            record.session == other.session && record.part == other.part
        }
    }

    let hasColours: Bool
    private var live: [Live] = []
    /// The widths of the rows that were drawn last and are to be drawn anew; the cursor stands at the end of the last one.
    private var drawn: [Int] = []
    private var session: String?

    /// As many utterances are shown while they go on: the latest.
    private static let liveRows = 3
    private static let keptLive = 64

    init(hasColours: Bool) {
        self.hasColours = hasColours
    }

    /// What to write for words that arrived.
    mutating func update(_ record: TranscriptRecord, _ columns: Int, _ rows: Int) -> String {
        let new = Live(record: record)
        if let place = live.firstIndex(where: { $0.isOf(record) }) {
            live[place] = new
        } else {
            live.append(new)
            if live.count > Self.keptLive { live.removeFirst() }
        }
        return frame([], columns, rows)
    }

    /// What to write for final words, or for a correction of them.
    mutating func finish(_ record: TranscriptRecord, _ columns: Int, _ rows: Int) -> String {
        live.removeAll { $0.isOf(record) }
        var lines: [String] = []
        if session != record.session {
            lines.append(
                String(DisplayWidth.suffix(of: "== " + PrintableWords.joined(record.session), columns: columns - 1)))
            session = record.session
        }
        return frame(lines + finalRows(record, columns), columns, rows)
    }

    /// What to write at the end: what goes on is taken away.
    mutating func end(_ columns: Int) -> String {
        live = []
        return frame([], columns, 1)
    }

    private mutating func frame(_ lines: [String], _ columns: Int, _ rows: Int) -> String {
        var text = erasure(columns)
        for line in lines { text += line + "\r\n" }
        let shown = live.suffix(max(1, min(Self.liveRows, rows - 1))).map { liveRow($0.record, columns) }
        drawn = shown.map(\.width)
        return text + shown.map(\.text).joined(separator: "\r\n")
    }

    /// Takes away what was drawn last. In a window that became narrower it takes more rows by now.
    private func erasure(_ columns: Int) -> String {
        let rows = drawn.reduce(0) { $0 + max(1, ($1 + columns - 1) / columns) }
        guard rows > 0 else { return "" }
        return "\r" + (rows > 1 ? "\u{1B}[\(rows - 1)A" : "") + "\u{1B}[J"
    }

    private func liveRow(_ record: TranscriptRecord, _ columns: Int) -> (text: String, width: Int) {
        let head = head(record, columns)
        let words = record.words
        // The last column stays free: a terminal that is full to it may go to the next row.
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
        return lines.enumerated().map { place, line in
            (place == 0 ? coloured(head, record) : String(repeating: " ", count: indent)) + line
        }
    }

    /// When and who; in a narrow window only who.
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
