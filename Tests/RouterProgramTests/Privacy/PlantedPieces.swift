import EventJSON

/// A card's number in words that come in pieces, the first of which ends within it.
struct PlantedPieces: Hashable, CustomStringConvertible {
    enum Kind: String, CaseIterable {
        case heard = "conversation.item.input_audio_transcription.delta"
        case spoken = "response.output_audio_transcript.delta"
        case spokenBeta = "response.audio_transcript.delta"
        case written = "response.output_text.delta"
        case arguments = "response.function_call_arguments.delta"
        case mcpArguments = "response.mcp_call_arguments.delta"
        case unknown = "new.words.delta"
    }

    var kind: Kind
    /// Where in the number the first piece ends.
    var offset: Int
    /// Whether the words end where the first piece does.
    var isCut: Bool

    /// Every way to cut a number of four groups in two.
    static let all = Kind.allCases.flatMap { kind in
        (1..<19).flatMap { offset in [false, true].map { PlantedPieces(kind: kind, offset: offset, isCut: $0) } }
    }

    var description: String { "\(kind.rawValue) cut at \(offset)\(isCut ? ", the rest missing" : "")" }

    /// The events that bring the words, and then have all of them.
    func events(_ digits: String, id: String) -> [String] {
        let grouped = stride(from: 0, to: 16, by: 4).map { digits.dropFirst($0).prefix(4) }.joined(separator: " ")
        let isCall = kind == .arguments || kind == .mcpArguments
        let (before, after) = isCall ? ("{\"n\":\"", "\"}") : ("my number is ", " and that is all")
        let (first, rest) = (before + grouped.prefix(offset), grouped.dropFirst(offset) + after)
        let pieces = isCut ? [first] : [first, String(rest.prefix(3)), String(rest.dropFirst(3))]
        let deltas = pieces.map {
            #"{"type":"\#(kind.rawValue)","item_id":"\#(id)","response_id":"r\#(id)","content_index":0,"delta":\#(JSONValue.string($0))}"#
        }
        let text = JSONValue.string(pieces.joined()).description
        return kind == .heard ? heard(deltas, text, id) : answered(deltas, text, id)
    }

    private func heard(_ deltas: [String], _ text: String, _ id: String) -> [String] {
        guard !isCut else { return deltas }
        let type = "conversation.item.input_audio_transcription.completed"
        return deltas + [#"{"type":"\#(type)","item_id":"\#(id)","content_index":0,"transcript":\#(text)}"#]
    }

    private func answered(_ deltas: [String], _ text: String, _ id: String) -> [String] {
        let (status, ending) = isCut ? ("incomplete", "cancelled") : ("completed", "completed")
        let place = #""item_id":"\#(id)","response_id":"r\#(id)","content_index":0"#
        let head = #""id":"\#(id)","status":"\#(status)""#
        let (done, item): (String?, String)
        switch kind {
        case .arguments:
            done =
                #"{"type":"response.function_call_arguments.done",\#(place),"call_id":"c\#(id)","arguments":\#(text)}"#
            item = #"{\#(head),"type":"function_call","call_id":"c\#(id)","name":"echo","arguments":\#(text)}"#
        case .mcpArguments:
            done = nil
            item = #"{\#(head),"type":"mcp_call","name":"x","arguments":\#(text)}"#
        case .written, .unknown:
            done = #"{"type":"response.output_text.done",\#(place),"text":\#(text)}"#
            item = #"{\#(head),"type":"message","role":"assistant","content":[{"type":"output_text","text":\#(text)}]}"#
        default:
            done = #"{"type":"response.output_audio_transcript.done",\#(place),"transcript":\#(text)}"#
            item =
                #"{\#(head),"type":"message","role":"assistant","content":[{"type":"output_audio","transcript":\#(text)}]}"#
        }
        return [#"{"type":"response.created","response":{"id":"r\#(id)"}}"#] + deltas + (done.map { [$0] } ?? []) + [
            #"{"type":"response.output_item.done","response_id":"r\#(id)","item":\#(item)}"#,
            #"{"type":"response.done","response":{"id":"r\#(id)","status":"\#(ending)","output":[\#(item)]}}"#,
        ]
    }
}
