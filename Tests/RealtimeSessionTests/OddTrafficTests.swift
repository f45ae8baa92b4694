import RealtimeEvents
import RealtimeSession
import SeededNumbers
import Testing

/// Lines that are lost, doubled, swapped and cut. Nothing may be emitted twice.
@Suite struct OddTrafficTests {
    private static let lines: [String] = {
        var lines = [Line.sessionCreated()]
        for number in 1...6 {
            let user = "u\(number)"
            let answer = "a\(number)"
            lines.append(Line.spoken(user, after: number > 1 ? "a\(number - 1)" : nil))
            lines.append(Line.heardDelta(user, "wor"))
            lines.append(Line.calls("rc\(number)", "c\(number)a", "c\(number)b"))
            lines.append(Line.outputItem("c\(number)a"))
            lines.append(Line.answer("ra\(number)", answer, "words \(number)", after: user))
            lines.append(Line.transcribed(user, "words \(number)?"))
            lines.append(Line.truncated(answer, ms: number))
            lines.append(number % 2 == 0 ? Line.deleted(user) : Line.cancelled("rx\(number)"))
        }
        return lines.flatMap { $0.split(separator: "\n").map(String.init) }
    }()

    @Test("Lost, doubled, swapped and cut lines emit nothing twice", arguments: 0..<60)
    func oddTraffic_emitsNothingTwice(seed: Int) throws {
        var generator = SplitMix(seed: UInt64(seed))
        var lines = Self.lines
        for _ in 0..<Int.random(in: 1...40, using: &generator) {
            let place = Int.random(in: lines.indices, using: &generator)
            switch Int.random(in: 0..<4, using: &generator) {
            case 0: lines.remove(at: place)
            case 1: lines.insert(lines[place], at: Int.random(in: lines.indices, using: &generator))
            case 2: lines.swapAt(place, Int.random(in: lines.indices, using: &generator))
            default: lines[place] = lines[place].replacing(#""item_id""#, with: #""lost""#)
            }
        }
        let isInteractive = Bool.random(using: &generator)
        let configuration = SessionConfiguration(key: "s", isInteractive: isInteractive)
        let replay = try SessionReplay(of: lines.joined(separator: "\n"), configuration, onReady: .answer("o"))

        let ids = replay.rows(
            .routerUtteranceHeard, .routerUtteranceDone, .routerUtteranceRevised, .routerFunctionCallReady,
            .routerFunctionCallDone, .routerResponseDone, .routerTurnDone, .routerSessionStarted, .routerSessionEnded,
            fields: "event_id"
        ).map { $0.split(separator: " ")[2] }
        #expect(Set(ids).count == ids.count)
        let positions = replay.derived.map(\.position)
        #expect(Set(positions).count == positions.count)
        #expect(replay.derived.last?.code == .routerSessionEnded)
        #expect(replay.state.outstandingCallCount == 0)

        let heard = replay.rows(.routerUtteranceHeard, fields: "item_id", "content_index").map {
            $0.split(separator: " ")[2]
        }
        let done = replay.rows(.routerUtteranceDone, fields: "item_id", "content_index").map {
            $0.split(separator: " ")[2]
        }
        #expect(heard.sorted() == done.sorted(), "what was heard is done in the end")

        let again = try SessionReplay(of: lines.joined(separator: "\n"), configuration, onReady: .answer("o"))
        #expect(again.derived.map(\.bytes) == replay.derived.map(\.bytes))
        #expect(again.sent == replay.sent)
    }

    @Test(
        "Events of unexpected shapes are ignored",
        arguments: [
            "{}", #"{"type":null}"#, #"{"type":"response.done"}"#, #"{"type":"response.done","response":null}"#,
            #"{"type":"response.done","response":{"id":7,"output":[null,[],{},{"type":"function_call"}]}}"#,
            #"{"type":"response.output_item.done","item":[]}"#,
            #"{"type":"response.output_item.done","item":{"id":""}}"#,
            #"{"type":"conversation.item.added","item":{"id":"x","type":"message"}}"#,
            #"{"type":"conversation.item.added","item":{"id":"x","role":"user","content":{"text":"x"}}}"#,
            #"{"type":"response.output_text.delta","delta":7,"item_id":"x"}"#,
            #"{"type":"response.output_text.delta","delta":"x"}"#,
            #"{"type":"response.output_audio.delta","delta":"%%%","item_id":"x","content_index":-1}"#,
            #"{"type":"conversation.item.truncated","item_id":"x","audio_end_ms":"many"}"#,
            #"{"type":"input_audio_buffer.committed","item_id":"x","previous_item_id":"x"}"#,
            #"{"type":"error"}"#, #"{"type":"error","error":"no"}"#, #"{"type":"session.created","session":null}"#,
            #"{"type":"response.function_call_arguments.done","call_id":"","arguments":"{}"}"#,
        ])
    func unexpectedShapes_areIgnored(line: String) throws {
        let replay = try SessionReplay(of: source(line, line, Line.userText("u", "Still here")), onReady: .answer("o"))
        #expect(replay.transcript.last == "user (completed): Still here")
        #expect(replay.derived.last?.code == .routerSessionEnded)
        #expect(replay.sent == [])
    }
}
