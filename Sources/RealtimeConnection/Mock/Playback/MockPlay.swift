import EventJSON

/// The playback of a recording on one connection. It checks that the client sends the expected events.
///
/// A state machine without a socket and without a clock. The caller passes in each event with the current time of a monotonic clock, and
/// performs the returned outputs in order. At ``wakeTime`` the caller calls ``advance(at:)``.
package struct MockPlay: Sendable {
    /// An action that the caller must perform.
    package enum Output: Sendable, Hashable {
        /// Send a text message.
        case send([UInt8])
        /// Close the connection with a code and a reason.
        case close(code: UInt16, reason: String)
        /// Close the connection without a close frame.
        case cut
        /// Report a fault of the client.
        case fault(MockFault)
    }

    let recording: MockRecording
    let options: MockOptions
    /// The models that a `session.update` may name: the URL's and the recording's; empty if every model is allowed,
    /// because the URL names no model.
    let models: [String]

    /// Whether the client asks for the beta API, and the recording is not a beta recording.
    private let isRefused: Bool

    var steps: [MockStep]
    /// The index of the next step.
    var index = 0
    var conversation: MockConversation
    var ids = IDReplacements()
    var script = ScriptEvents()
    var now = Duration.zero
    var outputs: [Output] = []

    /// The client's messages that no step has used yet.
    var inbox: [ClientMessage] = []
    var messageCount = 0
    /// The number of the last message that was checked by an expectation or used by a step.
    var lastCheckedMessage = 0
    /// The ids of items for commits that the mock answered itself, by the commit's message number.
    var committedItems: [Int: String] = [:]
    /// The client's items whose echoes are not sent yet.
    var pendingEchoes: [JSONObject] = []
    /// The client's items by their ids in the recording.
    var echoes: [String: JSONObject] = [:]
    /// The `response` of the client's last `response.create`.
    var request: JSONObject?
    var metadata: [String: JSONValue] = [:]
    var reportedAudioFaults: Set<String> = []

    /// The transcripts that are sent after the response.
    var delayedTranscripts: [JSONObject] = []
    /// The messages to send, with their due times.
    var outgoing: [(due: Duration, message: [UInt8])] = []
    var sentCount = 0
    var ownEventCount = 0

    private(set) var openedAt: Duration?
    /// The time before which no step is played.
    var pausedUntil: Duration?
    /// When the waiting step was reached; nil if no step waits.
    var awaitedSince: Duration?
    /// The recorded time and the play time of the last step with a recorded time.
    var pace: (recorded: Double, played: Duration)?
    private var endedAt: Duration?
    /// The maximum number of events to play per call. If more are due, ``wakeTime`` is the current time.
    package var burst = Int.max
    /// Whether the playback is paused because the connection is not writable.
    package var isPaused = false
    /// The number of events that may still be played in this call.
    private var remainingBurst = Int.max
    /// Whether the playback has ended.
    package private(set) var isOver = false

    /// Creates a playback.
    ///
    /// - Parameters:
    ///   - recording: the recording or script to play.
    ///   - model: the `model` of the URL's query.
    ///   - intent: the `intent` of the URL's query. Scripts can be played as `transcription` too.
    ///   - number: the number of this play of the recording, counted from 1. Each play has its own session id.
    ///   - isBeta: whether the client asks for the beta API, which the real server no longer supports.
    ///   - options: the timing and the faults.
    package init(
        _ recording: MockRecording, model: String? = nil, intent: String? = nil, number: Int = 1, isBeta: Bool = false,
        options: MockOptions = MockOptions()
    ) {
        self.recording = recording
        self.options = options
        isRefused = isBeta && recording.dialect == .ga
        models = model.map { [$0] + (recording.model.map { [$0] } ?? []) } ?? []
        steps = recording.steps
        var session = recording.session
        if recording.isScript, let model { session["model"] = .string(model) }
        if recording.isScript, intent == "transcription" { session = ScriptSession.transcription(session) }
        conversation = MockConversation(session)
        if number > 1, let id = session["id"]?.string { ids.replace(id, by: "\(id)_\(number)") }
    }

    // MARK: - Inputs

    /// Handles the opening of the connection.
    package mutating func opened(at time: Duration) -> [Output] {
        now = time
        openedAt = time
        if isRefused { refuseBeta() }
        return run()
    }

    /// Handles a client message.
    ///
    /// - Parameters:
    ///   - message: the message.
    ///   - isText: whether it is a text message, as the API requires.
    ///   - time: the current time.
    package mutating func received(_ message: [UInt8], isText: Bool = true, at time: Duration) -> [Output] {
        now = time
        guard !isOver, openedAt != nil else { return [] }
        handle(message, isText: isText)
        return run()
    }

    /// Plays what is due at a time.
    package mutating func advance(at time: Duration) -> [Output] {
        now = time
        guard !isOver, openedAt != nil else { return [] }
        return run()
    }

    /// Handles the end of the connection.
    package mutating func closed(at time: Duration) -> [Output] {
        now = time
        guard !isOver else { return [] }
        isOver = true
        guard let step = unfinishedStep else { return [] }
        outputs.append(
            .fault(
                MockFault(
                    .missing, "the client closed the connection before \(words(for: step)) (\(location(of: step)))")))
        return takeOutputs()
    }

    /// When ``advance(at:)`` must be called, unless another event happens before; nil if the playback waits only for the client.
    package var wakeTime: Duration? {
        guard !isOver, let openedAt else { return nil }
        if isPaused { return options.expireAfter.map { openedAt + $0 } }
        var times = [outgoing.first?.due, options.expireAfter.map { openedAt + $0 }]
        if let endedAt {
            times.append(endedAt + options.linger)
        } else if index < steps.count {
            if let due = dueTime(of: steps[index]), due > now {
                times.append(due)
            } else if remainingBurst == 0 {
                times.append(now)
            } else {
                times.append(awaitedSince.map { $0 + options.wait })
            }
        }
        return times.compactMap { $0 }.min()
    }

    // MARK: - Playing

    private mutating func run() -> [Output] {
        if isOver { return takeOutputs() }
        if let limit = options.expireAfter, let openedAt, now >= openedAt + limit {
            expire()
        } else if !isPaused {
            remainingBurst = burst
            play()
            flush()
            endIfOver()
        }
        return takeOutputs()
    }

    private mutating func takeOutputs() -> [Output] {
        defer { outputs = [] }
        return outputs
    }

    private mutating func play() {
        while !isOver, index < steps.count {
            let step = steps[index]
            if let due = dueTime(of: step), due > now { return }
            pausedUntil = nil
            switch step.action {
            case .send(let event):
                guard remainingBurst > 0 else { return }
                remainingBurst -= 1
                index += 1
                emit(event)
            case .pause(let time):
                index += 1
                pausedUntil = now + time
            case .turn(let turn):
                index += 1
                insert(expanded(turn, step.line))
            case .await(let awaited):
                guard satisfy(awaited, step) else { return }
            }
            if let at = step.at { pace = (at, now) }
        }
    }

    /// Checks a waiting step. Returns false if the playback must wait for the client.
    private mutating func satisfy(_ awaited: AwaitedEvent, _ step: MockStep) -> Bool {
        if awaitedSince == nil {
            awaitedSince = now
            if case .interruption = awaited { conversation.resetFreshAudio() }
        }
        guard let following = consume(awaited, step.line) else {
            if let since = awaitedSince, now >= since + options.wait { timeOut(awaited, step) }
            return false
        }
        awaitedSince = nil
        index += 1
        insert(following)
        return true
    }

    private func dueTime(of step: MockStep) -> Duration? {
        guard case .send = step.action, let speed = options.speed, let at = step.at, let pace else {
            return pausedUntil
        }
        let due = pace.played + .seconds(min(max(0, at - pace.recorded) / speed, 1e9))
        return max(due, pausedUntil ?? due)
    }

    mutating func insert(_ new: [MockStep]) {
        guard !new.isEmpty else { return }
        steps.replaceSubrange(..<index, with: [])
        steps.insert(contentsOf: new, at: 0)
        index = 0
    }

    /// Emits the messages that are due.
    private mutating func flush() {
        let due = outgoing.prefix { $0.due <= now }
        for (_, message) in due where !isOver {
            outputs.append(.send(message))
            sentCount += 1
            if sentCount == options.disconnectAfter {
                outputs.append(.cut)
                isOver = true
            }
        }
        outgoing.removeFirst(due.count)
    }

    private mutating func endIfOver() {
        guard !isOver, index == steps.count, outgoing.isEmpty else { return }
        guard delayedTranscripts.isEmpty else {
            sendDelayedTranscripts()
            return flush()
        }
        if endedAt == nil { endedAt = now }
        if let endedAt, now >= endedAt + options.linger { close(1000, "the recording is over") }
    }

    private mutating func refuseBeta() {
        let message = "The Realtime Beta API is no longer supported. Please use /v1/realtime for the GA API."
        let error = MockEvents.error(type: "invalid_request_error", code: "beta_api_shape_disabled", message: message)
        transmit(["type": "error", "event_id": .string(nextEventID()), "error": .object(error)], isDelayed: false)
        flush()
        outputs.append(
            .fault(MockFault(.refused, "the client asks for the beta with the header `OpenAI-Beta: realtime=v1`")))
        close(4000, "beta_api_shape_disabled")
    }

    private mutating func expire() {
        let error = MockEvents.error(
            type: "invalid_request_error", code: "session_expired",
            message: "Your session hit the maximum duration of 60 minutes.")
        transmit(["type": "error", "event_id": .string(nextEventID()), "error": .object(error)], isDelayed: false)
        flush()
        close(1001, "session expired")
    }

    mutating func close(_ code: UInt16, _ reason: String) {
        outputs.append(.close(code: code, reason: reason))
        isOver = true
    }
}

/// Builds parts of events that the mock generates itself.
enum MockEvents {
    /// The `error` object of an `error` event.
    static func error(
        type: String, code: String, message: String, param: String? = nil, eventID: String? = nil
    ) -> JSONObject {
        [
            "type": .string(type), "code": .string(code), "message": .string(message),
            "param": param.map { .string($0) } ?? .null, "event_id": eventID.map { .string($0) } ?? .null,
        ]
    }
}

/// A mistake of a mock endpoint's client.
public struct MockFault: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kinds of faults.
    public enum Kind: String, Sendable, Hashable {
        /// A message is not a JSON object with a known `type`.
        case message
        /// An event violates its schema.
        case definition
        /// The server refused an event in the session's current state.
        case refused
        /// The client did not send what the recording waits for.
        case missing
        /// The client sent something other than the script expects.
        case unexpected
    }

    /// The kind of fault.
    public let kind: Kind
    /// A description, with the client's message and the location in the recording if there is one.
    public let message: String

    /// Creates a fault.
    public init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }

    /// The message.
    public var description: String { message }
}
