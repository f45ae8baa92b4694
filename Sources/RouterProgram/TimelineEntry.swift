import RealtimeRouter

/// One event as a line of a timeline: position, time, type, id, and a few words.
struct TimelineEntry: CustomStringConvertible {
    private let event: RealtimeEvent

    init(_ event: RealtimeEvent) {
        self.event = event
    }

    var description: String {
        let json = event.json
        let time = event.at.map { Self.seconds($0) } ?? ""
        let columns = [
            pad(event.position.description, 7, left: true), pad(time, 8, left: true),
            pad(event.wireType.isEmpty ? "(no type)" : PrintableText(event.wireType).description, 53),
            pad(Self.identity(json), 28), EventDetail(json).words,
        ]
        var line = columns.joined(separator: "  ")
        while line.hasSuffix(" ") { line.removeLast() }
        return line
    }

    private func pad(_ text: String, _ width: Int, left: Bool = false) -> String {
        let space = String(repeating: " ", count: max(0, width - text.count))
        return left ? space + text : text + space
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
