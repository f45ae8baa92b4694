import ConfigSource
package import EventJSON

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
