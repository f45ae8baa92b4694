import EventJSON
import RealtimeEvents
import RealtimeSession
import Testing

/// A live session in steps: what the server says, what our functions answer, and every event that goes to the server.
struct ScriptedSession: Sendable, CustomTestStringConvertible {
    enum Step: Sendable {
        /// The server says these lines.
        case server([String])
        /// A call that was taken has its outcome.
        case answer(String, String, FunctionCallState)
        /// A call that was taken ends without an answer.
        case noAnswer(String)
        /// A call that was taken has its outcome, with which the model need not go on.
        case quietAnswer(String, String)
        /// A handler wishes that the model speaks.
        case wish
        /// A handler wishes that the model says something while a call runs.
        case speak(String, String)
        /// All that has gone out since the last such step, as it stands on the wire.
        case sent([String])
    }

    let testDescription: String
    var steps: [Step]

    init(_ title: String, _ steps: Step...) {
        testDescription = title
        self.steps = steps
    }

    /// Plays the session. What no step expects is an issue too, and so is a call that is still owed.
    func play() throws {
        var replay = SessionReplay(SessionConfiguration(key: "s", isInteractive: true))
        var seen = 0
        for (number, step) in (steps + [.sent([])]).enumerated() {
            switch step {
            case .server(let lines): try replay.feed(lines.joined(separator: "\n"))
            case .answer(let call, let output, let state): replay.complete(call, output, state: state)
            case .noAnswer(let call):
                replay.complete(FunctionCallOutcome(callID: call, state: .cancelled, output: nil))
            case .quietAnswer(let call, let output):
                var outcome = FunctionCallOutcome(callID: call, state: .completed, output: output)
                outcome.wantsResponse = false
                replay.complete(outcome)
            case .wish: replay.requestResponse()
            case .speak(let call, let words):
                var parameters = ResponseParameters()
                parameters.instructions = words
                replay.speak(parameters, whileWaitingFor: call)
            case .sent(let events):
                let sent = replay.outbound[seen...].map { String(decoding: $0.jsonBytes, as: UTF8.self) }
                #expect(sent == events, "step \(number + 1) of \(testDescription)")
                seen = replay.outbound.count
            }
        }
        #expect(replay.state.owedCalls == 0)
    }
}

extension ScriptedSession.Step {
    static func server(_ lines: String...) -> Self { .server(lines) }

    static func answer(_ call: String, _ output: String) -> Self { .answer(call, output, .completed) }

    static func sent(_ events: String...) -> Self { .sent(events) }

    static let nothing = Self.sent([])
}

/// The answer to a call, as it goes out.
func output(_ call: String, _ text: String) -> String {
    #"{"type":"conversation.item.create","event_id":"rr_output_\#(call)","item":{"type":"function_call_output","#
        + #""call_id":"\#(call)","output":\#(JSONValue.string(text))}}"#
}

/// The request that the model goes on, as it goes out.
func create(_ id: String) -> String { #"{"type":"response.create","event_id":"\#(id)"}"# }

/// The request that the model says something while a call runs, as it goes out.
func filler(_ id: String, _ words: String) -> String {
    #"{"type":"response.create","event_id":"\#(id)","response":{"instructions":"\#(words)"}}"#
}

/// A `response.output_item.done` with a call that is complete.
func called(_ call: String, in response: String) -> String { Line.outputDone(Line.call(call), in: response) }
