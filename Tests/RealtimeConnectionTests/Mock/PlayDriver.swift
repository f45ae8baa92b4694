import ConfigSource
import EventJSON
import RealtimeConnection
import Testing

/// A client of a play, on a clock that the test moves.
final class PlayDriver {
    private var play: MockPlay
    private(set) var now = Duration.zero
    /// What the server sent, in order.
    private(set) var events: [JSONObject] = []
    private(set) var faults: [String] = []
    /// How the server ended the connection: `1000 the recording is over`, or `cut`.
    private(set) var ending: String?

    init(
        _ recording: MockRecording, model: String? = nil, intent: String? = nil, number: Int = 1,
        _ change: (inout MockOptions) -> Void = { _ in }
    ) {
        var options = MockOptions()
        change(&options)
        play = MockPlay(recording, model: model, intent: intent, number: number, options: options)
        take(play.opened(at: now))
    }

    /// A client of a script.
    convenience init(
        script: String, model: String? = nil, _ change: (inout MockOptions) -> Void = { _ in }
    ) throws {
        self.init(try MockRecording.of(script, isScript: true), model: model, change)
    }

    /// A client of a recording.
    convenience init(lines: [String], number: Int = 1, _ change: (inout MockOptions) -> Void = { _ in }) throws {
        self.init(try MockRecording.of(lines.joined(separator: "\n"), isScript: false), number: number, change)
    }

    private func take(_ outputs: [MockPlay.Output]) {
        for output in outputs {
            switch output {
            case .send(let message):
                if let event = try? JSONValue(parsing: message).object { events.append(event) }
            case .close(let code, let reason): ending = "\(code) \(reason)"
            case .cut: ending = "cut"
            case .fault(let fault): faults.append(fault.message)
            }
        }
    }

    /// Sends an event.
    func send(_ event: JSONValue) { take(play.received(Array(event.description.utf8), at: now)) }

    /// Sends a text that may be no event.
    func send(text: String) { take(play.received(Array(text.utf8), at: now)) }

    /// Sends so many milliseconds of silence as PCM16.
    func speak(milliseconds: Int) {
        let audio = Base64.encode([UInt8](repeating: 0, count: milliseconds * 48))
        send(["type": "input_audio_buffer.append", "audio": .string(audio)])
    }

    /// Asks for a response.
    func request() { send(["type": "response.create"]) }

    /// Sends the output of a call.
    func answer(_ call: String, _ output: String) {
        send([
            "type": "conversation.item.create",
            "item": ["type": "function_call_output", "call_id": .string(call), "output": .string(output)],
        ])
    }

    /// Moves the clock, and wakes the play whenever it asks for that.
    func pass(_ time: Duration) {
        let end = now + time
        while let wake = play.wakeTime, wake <= end {
            now = max(now, wake)
            take(play.advance(at: now))
        }
        now = end
    }

    /// Closes the connection.
    func close() { take(play.closed(at: now)) }

    /// The types of what came, since the beginning or since this was asked last.
    func newTypes() -> [String] {
        defer { read = events.count }
        return events[read...].map { $0["type"]?.string ?? "" }
    }
    private var read = 0

    /// The last event of a type.
    func last(_ type: String) -> JSONValue? { events.last { $0["type"]?.string == type }.map { .object($0) } }
}

extension MockRecording {
    /// A recording from a text.
    static func of(_ text: String, isScript: Bool) throws -> MockRecording {
        let diagnostics = Diagnostics()
        let file = SourceFile(path: isScript ? "refund.yml" : "call.jsonl", text: text)
        let recording = MockRecording.read(file, isScript: isScript, diagnostics)
        #expect(diagnostics.rendered() == "")
        return try #require(recording)
    }
}
