import RealtimeRouter

/// One event as a line of a timeline: position, time, type, id, and a few words.
struct TimelineEntry: CustomStringConvertible {
    private let event: RealtimeEvent

    private static let longestText = 80

    init(_ event: RealtimeEvent) {
        self.event = event
    }

    var description: String {
        let json = event.json
        let time = event.at.map { Self.seconds($0) } ?? ""
        let columns = [
            pad(event.position.description, 7, left: true), pad(time, 8, left: true),
            pad(event.wireType.isEmpty ? "(no type)" : PrintableText(event.wireType).description, 53),
            pad(Self.identity(json), 28), Self.words(json),
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

    private static func words(_ json: JSONValue) -> String {
        if let delta = json["delta"]?.string {
            let isAudio = json["type"]?.string?.hasSuffix("audio.delta") ?? false
            return isAudio ? "\(delta.utf8.count) characters of audio" : quoted(delta)
        }
        if let latency = json["latency_ms"]?.int { return "latency \(latency) ms" }
        let item = json["item"]
        let candidates = [
            json["transcript"], json["text"], json["error"]?["message"], json["message"], json["code"],
            json["arguments"], json["response"]?["status"], item?["name"], item?["content"]?[0]?["transcript"],
            item?["content"]?[0]?["text"], item?["role"], item?["type"], json["name"], json["status"], json["reason"],
            json["session"]?["model"], json["model"],
        ]
        return candidates.lazy.compactMap { $0.flatMap(text) }.first.map(quoted) ?? ""
    }

    /// What a value says in words, if anything; an object says it as JSON.
    private static func text(_ value: JSONValue) -> String? {
        if let text = value.string { return text.isEmpty ? nil : text }
        return value.object == nil ? nil : value.description
    }

    private static func quoted(_ text: String) -> String {
        let line = PrintableText(text).description
        return line.count <= longestText ? line : String(line.prefix(longestText - 1)) + "…"
    }
}
