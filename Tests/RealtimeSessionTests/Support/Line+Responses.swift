import EventJSON

extension Line {
    static func responseCreated(_ response: String, conversation: String? = "conv_1") -> String {
        event(
            "response.created",
            #""response":{"id":"\#(response)","status":"in_progress","conversation_id":\#(quoted(conversation))}"#)
    }

    static func responseDone(
        _ response: String, _ status: String = "completed", details: String = "null", output: String = "",
        usage: String = "null", conversation: String? = "conv_1"
    ) -> String {
        event(
            "response.done",
            #""response":{"id":"\#(response)","status":"\#(status)","status_details":\#(details),"#
                + #""output":[\#(output)],"usage":\#(usage),"conversation_id":\#(quoted(conversation))}"#)
    }

    static func cancelled(_ response: String, _ reason: String = "turn_detected", output: String = "") -> String {
        responseDone(
            response, "cancelled", details: #"{"type":"cancelled","reason":"\#(reason)"}"#, output: output)
    }

    // MARK: What the assistant says

    /// The beginning of an assistant's item.
    static func says(_ item: String, in response: String, after previous: String? = nil) -> String {
        [
            outputAdded(#"{"id":"\#(item)","type":"message","status":"in_progress","role":"assistant"}"#, in: response),
            added(item, after: previous, status: "in_progress", #""role":"assistant","content":[]"#),
        ].joined(separator: "\n")
    }

    static func delta(_ item: String, _ words: String, in response: String, index: Int = 0) -> String {
        event(
            "response.output_audio_transcript.delta",
            #""response_id":"\#(response)","item_id":"\#(item)","content_index":\#(index),"delta":\#(quoted(words))"#)
    }

    static func textDelta(_ item: String, _ words: String, in response: String) -> String {
        event(
            "response.output_text.delta",
            #""response_id":"\#(response)","item_id":"\#(item)","content_index":0,"delta":\#(quoted(words))"#)
    }

    /// An audio delta of some bytes.
    static func audio(_ item: String, bytes: Int, in response: String) -> String {
        let base64 = Base64.encode([UInt8](repeating: 0, count: bytes))
        return event(
            "response.output_audio.delta",
            #""response_id":"\#(response)","item_id":"\#(item)","content_index":0,"delta":"\#(base64)""#)
    }

    static func said(
        _ item: String, _ text: String?, in response: String, status: String? = "completed"
    ) -> String {
        let content = text.map { #","content":[{"type":"output_audio","transcript":\#(quoted($0))}]"# } ?? ""
        let status = status.map { #","status":"\#($0)""# } ?? ""
        return outputDone(#"{"id":"\#(item)","type":"message","role":"assistant"\#(status)\#(content)}"#, in: response)
    }

    /// A whole response with one message.
    static func answer(_ response: String, _ item: String, _ text: String, after previous: String? = nil) -> String {
        [
            responseCreated(response), says(item, in: response, after: previous), delta(item, text, in: response),
            said(item, text, in: response), responseDone(response),
        ].joined(separator: "\n")
    }

    // MARK: Calls

    static func call(
        _ call: String, _ name: String? = "look", _ arguments: String = "{}", item: String? = nil,
        status: String? = "completed"
    ) -> String {
        let name = name.map { #","name":"\#($0)""# } ?? ""
        let status = status.map { #","status":"\#($0)""# } ?? ""
        return #"{"id":"\#(item ?? "i_" + call)","type":"function_call","call_id":"\#(call)"\#(name)\#(status),"#
            + #""arguments":\#(quoted(arguments))}"#
    }

    static func argumentsDone(_ call: String, _ arguments: String = "{}", in response: String) -> String {
        event(
            "response.function_call_arguments.done",
            #""response_id":"\#(response)","item_id":"i_\#(call)","call_id":"\#(call)","arguments":\#(quoted(arguments))"#
        )
    }

    static func outputAdded(_ item: String, in response: String) -> String {
        event("response.output_item.added", #""response_id":"\#(response)","output_index":0,"item":\#(item)"#)
    }

    static func outputDone(_ item: String, in response: String) -> String {
        event("response.output_item.done", #""response_id":"\#(response)","output_index":0,"item":\#(item)"#)
    }

    /// A response that only calls functions.
    static func calls(_ response: String, _ calls: String..., status: String = "completed") -> String {
        ([responseCreated(response)] + calls.map { outputDone(call($0), in: response) }
            + [responseDone(response, status)]).joined(separator: "\n")
    }

    /// The server's event that shows an output as a conversation item.
    static func outputItem(_ call: String, _ output: String = "x") -> String {
        event(
            "conversation.item.added",
            #""previous_item_id":null,"item":{"id":"o_\#(call)","type":"function_call_output","call_id":"\#(call)","#
                + #""output":"\#(output)"}"#)
    }
}

/// Joins lines to a source.
func source(_ lines: String...) -> String {
    lines.joined(separator: "\n")
}
