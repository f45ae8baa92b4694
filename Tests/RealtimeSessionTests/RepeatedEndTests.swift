import RealtimeEvents
import RealtimeSession
import Testing

/// Servers that end a transcription or a response more than once.
@Suite struct RepeatedEndTests {
    private static func usage(_ tokens: Int) -> String { #"{"total_tokens":\#(tokens)}"# }

    @Test(
        "A response that ends again gives another event only for another usage",
        arguments: [
            ([usage(10), usage(10)], ["2.1 response.done r1 completed {\"total_tokens\":10} - s/response.done/r1"]),
            (
                [usage(10), "null", "{}", usage(25), usage(25), usage(5)],
                [
                    "2.1 response.done r1 completed {\"total_tokens\":10} - s/response.done/r1",
                    "5.1 response.done r1 completed {\"total_tokens\":25} true s/response.done/r1/2",
                    "7.1 response.done r1 completed {\"total_tokens\":5} true s/response.done/r1/3",
                ]
            ),
            (
                ["null", usage(10)],
                [
                    "2.1 response.done r1 completed - - s/response.done/r1",
                    "3.1 response.done r1 completed {\"total_tokens\":10} true s/response.done/r1/2",
                ]
            ),
        ] as [([String], [String])])
    func repeatedResponse_givesItsNewUsage(usages: [String], rows: [String]) throws {
        let ends = usages.map { Line.responseDone("r1", usage: $0) }
        let replay = try SessionReplay(of: ([Line.responseCreated("r1")] + ends).joined(separator: "\n"))
        #expect(
            replay.rows(.routerResponseDone, fields: "response_id", "status", "usage", "revised", "event_id") == rows)
        #expect(replay.rows(.routerSessionEnded, fields: "totals").first?.contains(#""responses":1"#) == true)
    }

    @Test("A transcription that completes again is one utterance, and another text revises it")
    func repeatedTranscription_isOneUtterance() throws {
        let replay = try SessionReplay(
            of: source(
                Line.spoken("u1"), Line.transcribed("u1", "Two apples."), Line.transcribed("u1", "Two apples."),
                Line.transcribed("u1", "Two apples."), Line.transcribed("u1", "Ten apples.")))
        #expect(
            replay.rows(.routerUtteranceDone, .routerUtteranceRevised, fields: "text") == [
                "5.2 utterance.done Two apples.", "8.1 utterance.revised Ten apples.",
            ])
    }
}
