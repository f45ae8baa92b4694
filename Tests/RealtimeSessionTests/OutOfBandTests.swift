import EventJSON
import RealtimeEvents
import RealtimeSession
import Testing

/// Responses that a client requests outside the conversation.
@Suite struct OutOfBandTests {
    private static func created(_ response: String, _ fields: String) -> String {
        Line.event("response.created", #""response":{"id":"\#(response)","status":"in_progress",\#(fields)}"#)
    }
    private static func done(_ response: String, _ fields: String, status: String = "completed") -> String {
        Line.event("response.done", #""response":{"id":"\#(response)","status":"\#(status)","output":[],\#(fields)}"#)
    }
    private static let beside = #""conversation_id":null,"metadata":{"purpose":"classify"}"#
    private static func message(_ item: String, _ text: String, in response: String, phase: String? = nil) -> String {
        let phase = phase.map { #","phase":"\#($0)""# } ?? ""
        return Line.outputDone(
            #"{"id":"\#(item)","type":"message","role":"assistant","status":"completed"\#(phase),"#
                + #""content":[{"type":"output_text","text":"\#(text)"}]}"#, in: response)
    }

    private func rows(_ replay: SessionReplay) -> [String] {
        replay.rows(
            .routerUtteranceUpdated, .routerUtteranceHeard, .routerUtteranceDone, .routerResponseDone, fields: "text",
            "response_id", "out_of_band", "response_metadata", "phase"
        ).map { $0.drop { $0 != " " }.dropFirst().description }
    }

    @Test("Utterances and the end of an out-of-band response say so, whenever the server first names a conversation")
    func outOfBandResponse_isMarked() throws {
        let replay = try SessionReplay(
            of: source(
                Line.userText("u1", "Hi"), Self.created("r0", Self.beside), Line.responseCreated("r1"),
                Line.textDelta("x1", "churn", in: "r0"), Self.message("x1", "churn", in: "r0"),
                Line.answer("r1", "a1", "Sorry."), Self.done("r0", Self.beside)))
        let mark = #"r0 true {"purpose":"classify"} -"#
        #expect(
            rows(replay) == [
                "utterance.heard Hi - - - -", "utterance.done Hi - - - -", "utterance.updated churn \(mark)",
                "utterance.heard churn \(mark)", "utterance.done churn \(mark)", "utterance.updated Sorry. r1 - - -",
                "utterance.heard Sorry. r1 - - -", "utterance.done Sorry. r1 - - -", "response.done - r1 - - -",
                "response.done - \(mark)",
            ])
    }

    @Test(
        "A null or absent conversation alone does not make a response out of band",
        arguments: [
            ([#""conversation_id":null"#, #""conversation_id":null"#], "-"),
            ([#""metadata":null"#, #""metadata":null"#], "-"),
            ([#""conversation":"auto""#, #""conversation":"auto""#], "-"),
            ([#""conversation":"none""#, #""conversation":"none""#], "true"),
            ([#""metadata":null"#, #""conversation":"none""#], "true"),
        ])
    func unnamedConversation_isOutOfBandOnlyWhenTheServerSaysSo(fields: [String], mark: String) throws {
        let replay = try SessionReplay(of: source(Self.created("r1", fields[0]), Self.done("r1", fields[1])))
        #expect(replay.rows(.routerResponseDone, fields: "out_of_band") == ["2.1 response.done \(mark)"])
    }

    @Test("Metadata and phase of a response in the conversation are passed on")
    func metadataAndPhase_arePassedOn() throws {
        let fields = #""conversation_id":"conv_1","metadata":{"topic":"order"}"#
        let replay = try SessionReplay(
            of: source(
                Self.created("r1", fields), Self.message("a1", "Let me see.", in: "r1", phase: "commentary"),
                Self.message("a2", "Done.", in: "r1", phase: "final_answer"), Self.done("r1", fields)))
        #expect(
            replay.rows(.routerUtteranceDone, .routerResponseDone, fields: "out_of_band", "response_metadata", "phase")
                == [
                    #"2.2 utterance.done - {"topic":"order"} commentary"#,
                    #"3.2 utterance.done - {"topic":"order"} final_answer"#,
                    #"4.1 response.done - {"topic":"order"} final_answer"#,
                ])
    }

    @Test("An open out-of-band response delays no utterance, answers no turn and is no barge-in")
    func openOutOfBandResponse_delaysNothing() throws {
        let replay = try SessionReplay(
            of: source(
                Line.answer("r0", "a0", "Hello."), Self.created("side", Self.beside),
                Line.textDelta("x1", "spam", in: "side"),
                Line.spoken("u1"), Line.transcribed("u1", "Hi"), Self.done("side", Self.beside, status: "cancelled"),
                Line.answer("r1", "a1", "Yes?")))
        #expect(
            replay.rows(.routerUtteranceDone, fields: "text").map { $0.drop { $0 != " " } } == [
                " utterance.done Hello.", " utterance.done Hi", " utterance.done spam", " utterance.done Yes?",
            ])
        #expect(replay.rows(.routerTurnDone, fields: "response_id").count == 1)
        #expect(replay.rows(.routerResponseInterrupted) == [])
        #expect(replay.state.interruptions == 0)
    }

    @Test("A create waits for no response that turns out to be out of band")
    func outOfBandResponse_delaysNoCreate() throws {
        var replay = SessionReplay(SessionConfiguration(key: "s", isInteractive: true), onReady: .answer("x"))
        try replay.feed(source(Self.created("side", Self.beside), Line.calls("r1", "c1")))
        #expect(replay.sent == ["output c1 x", "create rr_create_r1"])
    }

    @Test("A requested out-of-band response is recognised by its metadata before the server has named a conversation")
    func requestedOutOfBandResponse_isRecognised() throws {
        let request = Line.event(
            "response.create", #""response":{"conversation":"none","metadata":{"purpose":"classify"}}"#)
        let replay = try SessionReplay(
            of: source(
                Line.client(request), Self.created("r0", Self.beside), Self.message("x1", "churn", in: "r0"),
                Self.done("r0", Self.beside), Self.created("r1", Self.beside), Self.message("x2", "again", in: "r1"),
                Self.done("r1", Self.beside)))
        #expect(
            replay.rows(.routerUtteranceDone, fields: "text", "out_of_band").map { $0.split(separator: " ").suffix(2) }
                == [["churn", "true"], ["again", "-"]])
    }
}
