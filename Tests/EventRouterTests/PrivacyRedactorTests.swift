import EventJSON
import EventPatterns
import EventRouter
import RealtimeEvents
import Testing

/// Data that `privacy` names is removed from everything that is written, and nothing else changes.
@Suite struct PrivacyRedactorTests {
    private func redaction() throws -> Redaction {
        Redaction([
            PrivacyRedactor(
                patterns: [
                    try TextPattern(regexp: "[0-9]{4}( ?[0-9]{4}){3}"), try TextPattern(regexp: "a+b"),
                    try TextPattern(phrase: "my pin is"), try TextPattern(phrase: "secret*"),
                ], fields: ["card", "ssn"])
        ])
    }

    @Test(arguments: [
        ("Card 4111 1111 1111 1111, please", "Card ***, please"), ("4111111111111111 4111 1111 1111 1112", "***"),
        ("41111111111111111", "***"), ("411 1111 1111 1111", "411 1111 1111 1111"), ("xaaabaab!", "x***!"),
        ("So: MY PIN is 12", "So: *** 12"), ("my  pin, is it? My pin. Is", "*** it? ***"), ("my pins is", "my pins is"),
        ("Secretly said secrets' sécret", "*** said ***' sécret"), ("世界 4111 1111 1111 1111 世界", "世界 *** 世界"), ("", ""),
        (#"{"card":{"n":1},"b":[5,"aab"],"c":4111111111111111}"#, #"{"card":"***","b":[5,"***"],"c":"***"}"#),
        (#"{"card":"5","#, "***"), (#"see {"ssn": 5}"#, "***"), (#"{"a": 5.0}"#, #"{"a": 5.0}"#),
        (#"{"a":"{\"ssn\":\"5\"}"}"#, #"{"a":"{\"ssn\":\"***\"}"}"#),
        ("\t\r\n " + #"{"\u0073sn":"5"}"#, #"{"ssn":"***"}"#),
        (#"{"aab":{"x4111111111111111":1}}"#, #"{"***":{"x***":1}}"#),
    ])
    func texts(_ text: String, _ written: String) throws {
        #expect(try redaction().redacted(text) == written)
    }

    @Test(arguments: [
        (
            #"{"type":"router.utterance.done","event_id":"aab","session":"4111111111111111","item_id":"aab","text":"aab","started_ms":4111111111111111}"#,
            #"{"type":"router.utterance.done","event_id":"aab","session":"4111111111111111","item_id":"aab","text":"***","started_ms":4111111111111111}"#
        ),
        (
            #"{"type":"router.utterance.done","text":"ok","labels":{"caller_id":"aab"},"response_metadata":{"customer_id":"aab"}}"#,
            #"{"type":"router.utterance.done","text":"ok","labels":{"caller_id":"***"},"response_metadata":{"customer_id":"***"}}"#
        ),
        (
            #"{"type":"response.output_audio_transcript.delta","delta":"4111"}"#,
            #"{"type":"response.output_audio_transcript.delta","delta":"***"}"#
        ),
        (
            #"{"type":"conversation.item.input_audio_transcription.segment","speaker":"A","text":"4111 1111"}"#,
            #"{"type":"conversation.item.input_audio_transcription.segment","speaker":"A","text":"***"}"#
        ),
        (
            #"{"type":"router.utterance.done","text":"4111 1111 1111 1111","segments":[{"text":"4111 1111"},{"text":"1111 1111"}]}"#,
            #"{"type":"router.utterance.done","text":"***"}"#
        ),
        // A number may be split over two segments and occur in no single text.
        (
            #"{"type":"router.utterance.done","text":"4111 1111 and so on","segments":[{"text":"4111 1111"},{"text":"1111 1111 thanks"}]}"#,
            #"{"type":"router.utterance.done","text":"4111 1111 and so on"}"#
        ),
        (
            #"{"type":"router.utterance.done","text":"","segments":[{"text":"It is 4111 1111"},{"text":"1111 1111 thanks"}]}"#,
            #"{"type":"router.utterance.done","text":"It is *** thanks"}"#
        ),
        // Half a number matches no pattern.
        (
            #"{"type":"router.utterance.done","text":"It is 4111 1111 1111 1111","heard_ms":6,"heard_text":"It is 4111","audio_ms":10}"#,
            #"{"type":"router.utterance.done","text":"It is ***","heard_ms":6,"heard_text":"It is","audio_ms":10}"#
        ),
        (
            #"{"type":"router.utterance.done","text":"Yes. No.","segments":[{"text":"Yes."},{"card":"No."}]}"#,
            #"{"type":"router.utterance.done","text":"Yes. No.","segments":[{"text":"Yes."},{"card":"***"}]}"#
        ),
        (
            #"{"type":"response.output_audio.delta","delta":"aab="}"#,
            #"{"type":"response.output_audio.delta","delta":"aab="}"#
        ),
        (
            #"{"type":"conversation.item.added","item":{"id":"aab","content":[{"audio":"aab","transcript":"aab"}],"card":null}}"#,
            #"{"type":"conversation.item.added","item":{"id":"aab","content":[{"audio":"aab","transcript":"***"}],"card":"***"}}"#
        ),
        (
            #"{"type":"router.function_call.ready","call_id":"aab","arguments":{"id":"aab","type":"x","n":4111111111111111}}"#,
            #"{"type":"router.function_call.ready","call_id":"aab","arguments":{"id":"***","type":"x","n":"***"}}"#
        ),
        (
            #"{"type":"response.function_call_arguments.done","arguments":"{\"ssn\":1,\"a\":2}"}"#,
            #"{"type":"response.function_call_arguments.done","arguments":"{\"ssn\":\"***\",\"a\":2}"}"#
        ),
        (#"{"type":"something.new","x":{"y":["aab",1]}}"#, #"{"type":"something.new","x":{"y":["***",1]}}"#),
        (
            #"{"type":"conversation.item.input_audio_transcription.segment","text":"4111","start":1}"#,
            #"{"type":"conversation.item.input_audio_transcription.segment","text":"***","start":1}"#
        ),
        (
            #"{"type":"conversation.item.input_audio_transcription.completed","transcript":"x","logprobs":[{"token":"4111"}]}"#,
            #"{"type":"conversation.item.input_audio_transcription.completed","transcript":"x","logprobs":"***"}"#
        ),
        (
            #"{"type":"conversation.item.input_audio_transcription.completed","transcript":"x","logprobs":null}"#,
            #"{"type":"conversation.item.input_audio_transcription.completed","transcript":"x","logprobs":null}"#
        ),
        (
            #"{"type":"session.output_audio.delta","delta":"aab="}"#,
            #"{"type":"session.output_audio.delta","delta":"aab="}"#
        ),
        (
            #"{"type":"router.function_call.ready","arguments":{"4111 1111 1111 1111":{"aab":"aab"}}}"#,
            #"{"type":"router.function_call.ready","arguments":{"***":{"***":"***"}}}"#
        ),
    ])
    func events(_ event: String, _ written: String) throws {
        let redacted = try redaction().redacted(try RealtimeEvent(json: event))
        #expect(String(decoding: redacted.bytes, as: UTF8.self) == written)
        #expect(redacted.type == (try RealtimeEvent(json: event)).type)
    }

    /// Nested objects whose innermost text contains the same nesting again: some thousand levels in half a megabyte.
    @Test func whatIsDeeperThanItLooksIsTakenOut() throws {
        var text = "4111 1111 1111 1111"
        for _ in 0..<9 {
            let quoted = JSONValue.string(text).description
            text = String(repeating: #"{"a":"#, count: 500) + quoted + String(repeating: "}", count: 500)
        }
        let event = try RealtimeEvent(json: #"{"type":"x","text":\#(JSONValue.string(text).description)}"#)
        let written = String(decoding: try redaction().redacted(event).bytes, as: UTF8.self)
        let levels = 100 - 1
        #expect(
            written == #"{"type":"x","text":"\#(String(repeating: #"{\"a\":"#, count: levels))"#
                + #"\"***\"\#(String(repeating: "}", count: levels))"}"#)
    }

    @Test(arguments: [
        (EventType.Code.routerUtteranceUpdated, ["delta"], true), (.routerUtteranceUpdated, ["text"], true),
        (.routerUtteranceDone, ["text"], false),
        (.conversationItemInputAudioTranscriptionSegment, ["text"], true),
        (.conversationItemInputAudioTranscriptionCompleted, ["logprobs", "token"], true),
        (.conversationItemAdded, ["item", "card"], true), (.conversationItemAdded, ["item", "name"], false),
    ])
    func hidden(_ type: EventType.Code, _ path: [String], _ isHidden: Bool) throws {
        #expect(try redaction().redactors.contains { $0.hides(path, of: type) } == isHidden)
    }

    @Test(arguments: [
        (#"{"\u0063ard":"sesame","#, "***"), (#"{"a":1,"\u0063\u0041\u0052d":1,"c\u0061rd":"ses"#, "***"),
        (#"{\"card\":\"sesame\""#, "***"),
        (#"{"a":"{\"\\u0063ard\":\"sesame"#, "***"), (#"{"\x63ard":"sesame"}"#, "***"),
        (#"{"\u{63}ard":"sesame"}"#, "***"),
        ("{card: sesame}", "***"), ("{'card': 'sesame'}", "***"), (#"{"\qard":"sesame"}"#, "***"),
        (#"[{"card":"ses"#, "***"),
        (#"{"city":"Lis"#, #"{"city":"Lis"#), ("my card, please", "my card, please"), (#"C:\temp"#, #"C:\temp"#),
        (#"{"n":"\u0034\u0031\u0031\u0031 1111 1111 1111"#, #"{"n":"\u0034\u0031\u0031\u***"#),
        (#"{"n":"\u0061\u0061b"#, "***"), (#"{"n":"4111 1111 1111 1111"#, #"{"n":"***"#),
    ])
    func brokenJSON_isWithheldWhereANameMayStand(_ text: String, _ written: String) throws {
        #expect(try redaction().redacted(text) == written)
    }

    @Test(arguments: [
        (
            #"{"type":"new.thing","status":"aab","reason":"xaab","role":"aab","n":4111111111111111,"id":"aab"}"#,
            #"{"type":"new.thing","status":"***","reason":"x***","role":"***","n":"***","id":"aab"}"#
        ),
        (
            #"{"type":"new.thing","aab":1,"xaab":{"aaab":2,"aab":3},"***":4}"#,
            #"{"type":"new.thing","***":1,"x***":{"***":2,"*** 2":3},"*** 2":4}"#
        ),
        (#"{"type":"new.thing","n":4.111111111111111e15,"m":12}"#, #"{"type":"new.thing","n":"***","m":12}"#),
        (#"{"type":"new.thing","delta":{"text":"4111"}}"#, #"{"type":"new.thing","delta":"***"}"#),
        (
            #"{"type":"response.done","response":{"status":"aab","status_details":{"reason":"aab","x":4111111111111111}}}"#,
            #"{"type":"response.done","response":{"status":"***","status_details":{"reason":"***","x":"***"}}}"#
        ),
        (
            #"{"type":"response.done","aab":1,"response":{"usage":{"total_tokens":4111111111111111}}}"#,
            #"{"type":"response.done","***":1,"response":{"usage":{"total_tokens":4111111111111111}}}"#
        ),
        (
            #"{"type":"response.output_audio.delta","delta":"aab","note":"aab"}"#,
            #"{"type":"response.output_audio.delta","delta":"aab","note":"***"}"#
        ),
        (
            #"{"type":"response.output_item.done","item":{"status":"incomplete","content":[{"transcript":"It is 4111 11"}]}}"#,
            #"{"type":"response.output_item.done","item":{"status":"incomplete","content":[{"transcript":"It is ***"}]}}"#
        ),
        (
            #"{"type":"response.output_item.done","item":{"status":"completed","content":[{"transcript":"It is 4111 11"}]}}"#,
            #"{"type":"response.output_item.done","item":{"status":"completed","content":[{"transcript":"It is 4111 11"}]}}"#
        ),
        (
            #"{"type":"router.utterance.done","status":"interrupted","text":"At 4"}"#,
            #"{"type":"router.utterance.done","status":"interrupted","text":"At 4"}"#
        ),
    ])
    func whatTheProtocolDoesNotSayIsLookedThrough(_ event: String, _ written: String) throws {
        let redacted = try redaction().redacted(try RealtimeEvent(json: event))
        #expect(String(decoding: redacted.bytes, as: UTF8.self) == written)
    }

    @Test("Live captions hold back an end that could become a match, and emit it once it is decided")
    func liveWords_areShownOnceTheyAreDecided() throws {
        let redaction = Redaction([PrivacyRedactor(patterns: [TextPattern(.card)], fields: [])])
        var (text, shown, steps) = ("", "", [String]())
        for delta in ["It is ", "41", "11 1111", " 1111 11", "11", ", and ", "room 41", "2 ", "please"] {
            text += delta
            let event = JSONValue.object([
                "type": "router.utterance.updated", "text": .string(text), "delta": .string(delta), "item_id": "i",
            ])
            let written = try #require(redaction.redacted(try RealtimeEvent(json: event.description)).json.object)
            let piece = try #require(written["delta"]?.string)
            shown += piece
            #expect(written["text"]?.string == shown)
            steps.append(piece)
        }
        #expect(steps == ["It is ", "", "", "", "", "", "***, and room ", "", "412 please"])
    }

    @Test func labels() throws {
        let labels = [
            SessionLabel("card", "x"), SessionLabel("from", "4111111111111111"), SessionLabel("tenant", "acme"),
        ]
        let session = RouterSession(key: "s", labels: labels, redaction: try redaction()) { _ in }
        #expect(
            session.labels == [
                SessionLabel("card", "***"), SessionLabel("from", "***"), SessionLabel("tenant", "acme"),
            ])
    }
}
