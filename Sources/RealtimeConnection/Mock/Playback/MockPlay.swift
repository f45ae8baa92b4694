import EventJSON

/// The play of one connection: a recording, and a client that does its part or does not.
///
/// A value without a socket and without a clock. The caller tells it what came and what time it is, and does what it returns, in order;
/// at ``wakeTime`` the caller calls ``advance(at:)``. Times are those of any clock that does not go backwards.
package struct MockPlay: Sendable {
    /// What the caller must do.
    package enum Output: Sendable, Hashable {
        /// Send a text message.
        case send([UInt8])
        /// Close the connection with a code and a reason.
        case close(code: UInt16, reason: String)
        /// Cut the connection without a close frame.
        case cut
        /// Report what the client did wrong.
        case fault(MockFault)
    }

    let recording: MockRecording
    let options: MockOptions
    /// The models that updates may name: that of the URL, and the recording's; empty for any, where the URL names none.
    let models: [String]

    /// Whether the client asks for the beta, and the recording is none of it.
    private let isRefused: Bool

    var steps: [MockStep]
    /// The next step.
    var index = 0
    var conversation: MockConversation
    var ids = IDReplacements()
    var script = ScriptEvents()
    var now = Duration.zero
    var outputs: [Output] = []

    /// The messages that no step has used.
    var inbox: [ClientMessage] = []
    var messageCount = 0
    /// The last message that an expectation must not look at.
    var lastCheckedMessage = 0
    /// The items of commits that the mock answered by itself, by the number of the message.
    var committedItems: [Int: String] = [:]
    /// Items that the client made, and whose echoes are still to come.
    var pendingEchoes: [JSONObject] = []
    /// The client's items by the id of the recording.
    var echoes: [String: JSONObject] = [:]
    /// What the client's last request for a response asked for.
    var request: JSONObject?
    var metadata: [String: JSONValue] = [:]
    var reportedAudioFaults: Set<String> = []

    /// Transcripts that are sent after the response.
    var delayedTranscripts: [JSONObject] = []
    /// What is sent once its time has come.
    var outgoing: [(due: Duration, message: [UInt8])] = []
    var sentCount = 0
    var ownEventCount = 0

    private(set) var openedAt: Duration?
    /// Nothing is played before this time.
    var pausedUntil: Duration?
    /// When the step was reached that waits.
    var awaitedSince: Duration?
    /// The last step with a time in the recording, and when it was played.
    var pace: (recorded: Double, played: Duration)?
    private var endedAt: Duration?
    /// The most events that are played at a time; then ``wakeTime`` is the time that it is.
    package var burst = Int.max
    /// Whether nothing is played, as the client does not take what was sent.
    package var isHeld = false
    /// How many events may still be played at this time.
    private var remainingBurst = Int.max
    /// Whether the connection is over for the play.
    package private(set) var isOver = false

    /// Begins a play.
    ///
    /// - Parameters:
    ///   - recording: what is played.
    ///   - model: the model of the URL's query.
    ///   - intent: the intent of the URL's query: scripts can be played as `transcription` too.
    ///   - number: the number of the connection, from 1: sessions of the same recording have ids of their own.
    ///   - isBeta: whether the client asks for the beta, which the API no longer speaks.
    ///   - options: the times and the faults.
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

    /// The connection is open.
    package mutating func opened(at time: Duration) -> [Output] {
        now = time
        openedAt = time
        if isRefused { refuseBeta() }
        return run()
    }

    /// The client sent a message.
    ///
    /// - Parameters:
    ///   - message: the message.
    ///   - isText: whether it is a text message, as all of the API's are.
    ///   - time: the time.
    package mutating func received(_ message: [UInt8], isText: Bool = true, at time: Duration) -> [Output] {
        now = time
        guard !isOver, openedAt != nil else { return [] }
        take(message, isText: isText)
        return run()
    }

    /// Time has passed.
    package mutating func advance(at time: Duration) -> [Output] {
        now = time
        guard !isOver, openedAt != nil else { return [] }
        return run()
    }

    /// The client closed the connection, or it was lost.
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

    /// When ``advance(at:)`` must be called, unless something comes before; nil if only the client can go on.
    package var wakeTime: Duration? {
        guard !isOver, let openedAt else { return nil }
        if isHeld { return options.expireAfter.map { openedAt + $0 } }
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
        } else if !isHeld {
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

    /// Waits for the client, or goes on.
    private mutating func satisfy(_ awaited: AwaitedEvent, _ step: MockStep) -> Bool {
        if awaitedSince == nil {
            awaitedSince = now
            if case .interruption = awaited { conversation.resetFreshAudio() }
        }
        guard let following = use(awaited, step.line) else {
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

    /// Sends what is due.
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

/// Parts of events that the mock writes by itself.
enum MockEvents {
    /// What an `error` event has in `error`.
    static func error(
        type: String, code: String, message: String, param: String? = nil, eventID: String? = nil
    ) -> JSONObject {
        [
            "type": .string(type), "code": .string(code), "message": .string(message),
            "param": param.map { .string($0) } ?? .null, "event_id": eventID.map { .string($0) } ?? .null,
        ]
    }
}

/// Something that a client of a mock endpoint did wrong.
public struct MockFault: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kinds of faults.
    public enum Kind: String, Sendable, Hashable {
        /// A message is not a JSON object with a known `type`.
        case message
        /// An event does not fit its definition.
        case definition
        /// The server refused an event in the session's current state.
        case refused
        /// The client did not do what the recording waits for.
        case missing
        /// The client sent something other than the script expects.
        case unexpected
    }

    /// Its kind.
    public let kind: Kind
    /// What is wrong, with the client's message and the place in the recording where there is one.
    public let message: String

    /// A fault from its parts.
    public init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }

    /// The message.
    public var description: String { message }
}
