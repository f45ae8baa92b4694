import ConfigSource
import EventJSON
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
