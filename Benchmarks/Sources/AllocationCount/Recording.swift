/// Generates the lines of recorded sessions of any length.
enum Recording {
    private static let beginning =
        #"{"type":"session.created","event_id":"event_0","session":{"id":"sess_count","model":"gpt-realtime"}}"#

    /// A session with events of one type that differ only in their ids.
    static func of(_ type: String, count: Int) -> [String] {
        let audio = String(repeating: "AAAA", count: 400)
        return [beginning]
            + (1...count).map { number in
                #"{"type":"\#(type)","event_id":"event_\#(number)","response_id":"resp_1","item_id":"item_1","#
                    + #""output_index":0,"content_index":0,"call_id":"call_1","audio_start_ms":\#(number),"#
                    + #""rate_limits":[{"name":"tokens","remaining":\#(number)}],"delta":"\#(audio)"}"#
            }
    }

    /// A session in which the model says a number of utterances, each in a number of deltas.
    static func spoken(utterances: Int, deltas: Int) -> [String] {
        [beginning]
            + (1...utterances).flatMap { number in
                let position =
                    #""response_id":"resp_\#(number)","item_id":"item_\#(number)","output_index":0,"content_index":0"#
                let item =
                    #"{"id":"item_\#(number)","type":"message","role":"assistant","status":"completed","content":[]}"#
                let response = #"{"id":"resp_\#(number)","status":"completed","output":[]}"#
                let text = String(repeating: "word ", count: deltas)
                return [
                    #"{"type":"response.created","response":\#(response)}"#,
                    #"{"type":"response.output_item.added","response_id":"resp_\#(number)","item":\#(item)}"#,
                    #"{"type":"conversation.item.added","item":\#(item)}"#,
                ]
                    + Array(
                        repeating: #"{"type":"response.output_audio_transcript.delta",\#(position),"delta":"word "}"#,
                        count: deltas)
                    + [
                        #"{"type":"response.output_audio_transcript.done",\#(position),"transcript":"\#(text)"}"#,
                        #"{"type":"conversation.item.done","item":\#(item)}"#,
                        #"{"type":"response.done","response":\#(response)}"#,
                    ]
            }
    }
}
