import ConfigSource
package import EventJSON
package import RealtimeEvents

/// One event as a line of a timeline: position, time, type, id, and a few words.
package struct TimelineEntry: Sendable, CustomStringConvertible {
    private let columns: [String]

    /// The widths of a timeline that is printed while events come.
    private static let widths = [7, 8, 53, 28, 0]

    /// The entry of an event; `(client)` stands behind the type of one that the client sent.
    package init(_ event: RealtimeEvent, from side: SessionSide = .server) {
        let json = event.json
        let type = event.wireType.isEmpty ? "(no type)" : PrintableText(event.wireType).description
        columns = [
            event.position.description, event.at.map { Self.seconds($0) } ?? "",
            side == .client ? type + " (client)" : type,
            Self.identity(json), EventDetail(json).words,
        ]
    }

    /// The line with columns that are wide enough for most events.
    package var description: String { line(Self.widths) }

    /// The lines of some events, with columns that are as wide as these events need.
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
        // A recording may say any time.
        guard (0..<1e12).contains(value) else { return "?" }
        let milliseconds = Int((value * 1000).rounded())
        let digits = String(milliseconds % 1000)
        return "\(milliseconds / 1000).\(String(repeating: "0", count: 3 - digits.count))\(digits)"
    }

    /// The id of what the event is about, the most telling one first.
    private static func identity(_ json: JSONValue) -> String {
        let candidates = [
            json["call_id"], json["item"]?["call_id"], json["item_id"], json["item"]?["id"], json["response_id"],
            json["response"]?["id"], json["session"]?["id"], json["conversation"]?["id"],
            json["session_id"],
        ]
        return candidates.lazy.compactMap { $0?.string }.first.map { PrintableText($0).description } ?? ""
    }
}

/// What an event says, in a few words for one line of a console or a timeline: a text, the message of an error, a status, a name.
package struct EventDetail {
    /// The words; empty if the event holds nothing of this kind.
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

    /// The text of a value; nil if it has none. Of an object it is the JSON.
    private static func text(_ value: JSONValue) -> String? {
        if let text = value.string { return text.isEmpty ? nil : text }
        return value.object == nil ? nil : value.description
    }

    private static func shortened(_ text: String) -> String {
        let line = PrintableText(text).description
        return line.count <= longestText ? line : String(line.prefix(longestText - 1)) + "…"
    }
}

/// The time at which people are shown an event, in seconds since the session began.
package enum DisplayTime {
    /// The time of an event; nil when nothing says it.
    ///
    /// Words are shown at the time when they were spoken, not when the order of the conversation let them pass.
    package static func seconds(of event: RealtimeEvent) -> Double? {
        switch event.type.code {
        case .routerUtteranceUpdated, .routerUtteranceHeard, .routerUtteranceDone, .routerUtteranceRevised:
            (try? event.decode(Utterance.self))?.endedMs.map { Double($0) / 1000 } ?? event.at
        default: event.at
        }
    }

    /// The whole tenths of a second that are shown; nil for a time that no session has.
    package static func tenths(_ seconds: Double) -> Int? {
        // A recording may say any time.
        abs(seconds) < 1e12 ? Int((seconds * 10).rounded()) : nil
    }
}
