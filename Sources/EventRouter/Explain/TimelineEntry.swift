import ConfigSource
package import EventJSON
package import RealtimeEvents

/// One event as a line of a timeline: position, time, type, id, and details.
package struct TimelineEntry: Sendable, CustomStringConvertible {
    private let columns: [String]

    /// The column widths of a timeline that is printed while events arrive.
    private static let widths = [7, 8, 53, 28, 0]

    /// Creates the entry of an event. The type of a client event is followed by `(client)`.
    package init(_ event: RealtimeEvent, from side: SessionSide = .server) {
        let json = event.json
        let type = event.wireType.isEmpty ? "(no type)" : PrintableText(event.wireType).description
        columns = [
            event.position.description, event.at.map { Self.seconds($0) } ?? "",
            side == .client ? type + " (client)" : type,
            Self.identity(json), EventDetail(json).words,
        ]
    }

    /// The line, with column widths that suit most events.
    package var description: String { line(Self.widths) }

    /// Returns the lines of entries, with column widths that fit these entries.
    package static func lines(_ entries: [TimelineEntry]) -> [String] {
        let widths = Self.widths.indices.map { column in entries.map { $0.columns[column].count }.max() ?? 0 }
        return entries.map { $0.line(widths) }
    }

    private func line(_ widths: [Int]) -> String {
        var line = ""
        for (column, (text, width)) in zip(columns, widths).enumerated() where width > 0 || !text.isEmpty {
            let space = String(repeating: " ", count: max(0, width - text.count))
            line += (line.isEmpty ? "" : "  ") + (column < 2 ? space + text : text + space)
        }
        while line.hasSuffix(" ") { line.removeLast() }
        return line
    }

    private static func seconds(_ value: Double) -> String {
        // A recording may contain any number as a time.
        guard (0..<1e12).contains(value) else { return "?" }
        let milliseconds = Int((value * 1000).rounded())
        let digits = String(milliseconds % 1000)
        return "\(milliseconds / 1000).\(String(repeating: "0", count: 3 - digits.count))\(digits)"
    }

    /// The id of the event's subject; the most specific id that the event has.
    private static func identity(_ json: JSONValue) -> String {
        let candidates = [
            json["call_id"], json["item"]?["call_id"], json["item_id"], json["item"]?["id"], json["response_id"],
            json["response"]?["id"], json["session"]?["id"], json["conversation"]?["id"],
            json["session_id"],
        ]
        return candidates.lazy.compactMap { $0?.string }.first.map { PrintableText($0).description } ?? ""
    }
}

/// The most informative detail of an event, short enough for one line: a text, an error message, a status, a name.
package struct EventDetail {
    /// The detail; empty if the event has none.
    package let words: String

    private static let longestText = 80

    /// The detail of an event of any type.
    package init(_ json: JSONValue) { words = Self.words(json) }

    private static func words(_ json: JSONValue) -> String {
        if let delta = json["delta"]?.string {
            let isAudio = json["type"]?.string?.hasSuffix("audio.delta") ?? false
            return isAudio ? "\(delta.utf8.count) characters of audio" : shortened(delta)
        }
        if let bytes = json["delta"]?.int { return "\(bytes) bytes of audio" }
        if let latency = json["latency_ms"]?.int { return "latency \(latency) ms" }
        if let gap = json["gap_ms"]?.int { return "after \(gap) ms" }
        let item = json["item"]
        let candidates = [
            json["transcript"], json["text"], json["error"]?["message"], json["message"], json["code"],
            json["arguments"], json["response"]?["status"], item?["name"], item?["content"]?[0]?["transcript"],
            item?["content"]?[0]?["text"], item?["role"], item?["type"], json["name"], json["status"], json["reason"],
            json["session"]?["model"], json["model"],
        ]
        return candidates.lazy.compactMap { $0.flatMap(text) }.first.map(shortened) ?? ""
    }

    /// The text of a value; for an object, its JSON; nil for other values.
    private static func text(_ value: JSONValue) -> String? {
        if let text = value.string { return text.isEmpty ? nil : text }
        return value.object == nil ? nil : value.description
    }

    private static func shortened(_ text: String) -> String {
        let line = PrintableText(text).description
        return line.count <= longestText ? line : String(line.prefix(longestText - 1)) + "…"
    }
}

/// The time that is displayed for an event, in seconds since the session began.
package enum DisplayTime {
    /// Returns the displayed time of an event; nil if it is not known.
    ///
    /// For an utterance this is the time when it was spoken, not the time when its event was emitted in conversation
    /// order.
    package static func seconds(of event: RealtimeEvent) -> Double? {
        switch event.type.code {
        case .routerUtteranceUpdated, .routerUtteranceHeard, .routerUtteranceDone, .routerUtteranceRevised:
            (try? event.decode(Utterance.self))?.endedMs.map { Double($0) / 1000 } ?? event.at
        default: event.at
        }
    }

    /// Returns a time in tenths of a second, as it is displayed; nil for an impossible time.
    package static func tenths(_ seconds: Double) -> Int? {
        // A recording may contain any number as a time.
        abs(seconds) < 1e12 ? Int((seconds * 10).rounded()) : nil
    }
}
