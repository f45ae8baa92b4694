import EventJSON
import RealtimeEvents
import RealtimeSession
import Testing

/// A live session as a list of steps: the server's lines, the outcomes of calls, and the events that must go to the
/// server.
struct ScriptedSession: Sendable, CustomTestStringConvertible {
    enum Step: Sendable {
        /// The server sends these lines.
        case server([String])
        /// A taken call gets its outcome.
        case answer(String, String, FunctionCallState)
        /// A taken call ends without an output.
        case noAnswer(String)
        /// A taken call gets an outcome after which no response is needed.
        case quietAnswer(String, String)
        /// A handler requests a response.
        case wish
        /// A handler requests a filler response while a call runs.
        case speak(String, String)
        /// All events that were sent since the last such step, as JSON text.
        case sent([String])
    }

    let testDescription: String
    var steps: [Step]

    init(_ title: String, _ steps: Step...) {
        testDescription = title
        self.steps = steps
    }

    /// Plays the session. Records an issue for an unexpected event and for a call without an outcome.
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
        #expect(replay.state.outstandingCallCount == 0)
    }
}

extension ScriptedSession.Step {
    static func server(_ lines: String...) -> Self { .server(lines) }

    static func answer(_ call: String, _ output: String) -> Self { .answer(call, output, .completed) }

    static func sent(_ events: String...) -> Self { .sent(events) }

    static let nothing = Self.sent([])
}

/// The output of a call, as it is sent.
func output(_ call: String, _ text: String) -> String {
    #"{"type":"conversation.item.create","event_id":"rr_output_\#(call)","item":{"type":"function_call_output","#
        + #""call_id":"\#(call)","output":\#(JSONValue.string(text))}}"#
}

/// The request for the next response, as it is sent.
func create(_ id: String) -> String { #"{"type":"response.create","event_id":"\#(id)"}"# }

/// The request for a filler response, as it is sent.
func filler(_ id: String, _ words: String) -> String {
    #"{"type":"response.create","event_id":"\#(id)","response":{"instructions":"\#(words)"}}"#
}

/// A `response.output_item.done` with a call that is complete.
func called(_ call: String, in response: String) -> String { Line.outputDone(Line.call(call), in: response) }
