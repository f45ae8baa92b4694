import EventJSON
import EventPatterns
import EventRouter
import RealtimeEvents
import Synchronization

/// The events of one session that match a pattern of an assertion.
struct SessionEvents {
    /// An event with the indices of the patterns that it matches.
    struct Event {
        let entry: TimelineEntry
        let position: EventPosition
        /// Seconds since the start of the recording; nil if the recording has no times.
        let at: Double?
        let patterns: [Int]
        /// The identity of the event's function call; nil for events without a call.
        let call: String?
    }

    /// The session's key.
    let session: String
    /// The events, in order.
    var events: [Event] = []
}

extension SessionEvents {
    /// Reads the matching events of a file's sessions, in the order in which the sessions begin.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - patterns: the patterns to match.
    ///   - labels: the labels of the sessions.
    ///   - started: the start time of the recording, in seconds since 1970; nil to use its header line.
    ///   - configuration: the options of sessions, and the redaction of the events that are shown.
    /// - Throws: `FileFailure` or another error if the file cannot be read.
    static func read(
        _ path: String, _ patterns: AssertionPatterns, labels: [SessionLabel], started: Double?,
        _ configuration: RouteConfiguration
    ) async throws -> [SessionEvents] {
        let source = try RecordedSession(path: path, maxEventBytes: configuration.maxEventBytes)
        let recorder = EventRecorder(configuration.table.redaction)
        var options = configuration.routerOptions(RouterOptions(isDryRun: true))
        // Assertions apply to all events that were sent to the server, including those of the router.
        options.routesOwnEvents = true
        let router = Router(patterns.table, options: options, observer: recorder)
        try await router.start()
        let report = try await router.run(source, labels: labels, started: started)
        await router.stop()
        if let failure = report.failure { throw failure }
        return recorder.sessions
    }
}

/// Collects the events that match patterns.
private final class EventRecorder: DispatchObserver {
    private struct State {
        var sessions: [SessionEvents] = []
        var indices: [String: Int] = [:]
    }

    private let redaction: Redaction
    private let state = Mutex(State())

    init(_ redaction: Redaction) {
        self.redaction = redaction
    }

    var sessions: [SessionEvents] { state.withLock { $0.sessions } }

    func observe(_ dispatch: Dispatch, event: RawSpan, line: RawSpan) { record(dispatch, event) }

    func observeClient(_ dispatch: Dispatch, event: RawSpan, line: RawSpan) { record(dispatch, event) }

    private func record(_ dispatch: Dispatch, _ text: RawSpan) {
        let event = dispatch.routes.isEmpty ? nil : event(dispatch, text)
        state.withLock { state in
            let index = state.indices[dispatch.session] ?? state.sessions.count
            if index == state.sessions.count {
                // A session begins with an event that was sent, not with a derived event.
                guard dispatch.position.derived == 0 else { return }
                state.indices[dispatch.session] = index
                state.sessions.append(SessionEvents(session: dispatch.session))
            }
            if let event { state.sessions[index].events.append(event) }
        }
    }

    private func event(_ dispatch: Dispatch, _ text: RawSpan) -> SessionEvents.Event {
        let bytes = text.withUnsafeBytes { [UInt8]($0) }
        let json = (try? JSONValue(parsing: bytes)) ?? .null
        let event = RealtimeEvent(
            bytes: bytes, type: dispatch.type, wireType: json["type"]?.string ?? "", position: dispatch.position,
            at: dispatch.at)
        let call = json["call_id"]?.string.map { "\(json["occurrence"]?.int ?? 1) \($0)" }
        return SessionEvents.Event(
            entry: TimelineEntry(redaction.redacted(event)), position: dispatch.position, at: dispatch.at,
            patterns: dispatch.routes, call: call)
    }
}

/// The patterns of a test's assertions, as routes of a table, so that the router matches them as in a run.
struct AssertionPatterns {
    /// An assertion with the indices of its patterns.
    struct Assertion {
        let assertion: SessionAssertion
        /// The indices of the patterns, in the order of the condition.
        let patterns: [Int]
    }

    let assertions: [Assertion]
    /// One route for each pattern.
    let table: RouteTable

    init(_ assertions: [SessionAssertion]) throws {
        var all: [EventSelection] = []
        self.assertions = try assertions.map { assertion in
            let patterns = try Self.patterns(of: assertion.condition)
            defer { all += patterns }
            return Assertion(assertion: assertion, patterns: Array(all.count..<(all.count + patterns.count)))
        }
        table = try RouteTable(
            handlers: [HandlerBinding("none", .events { _ in })],
            routes: all.enumerated().map { Route("\($0)", from: $1.side, match: $1.pattern, to: ["none"]) })
    }

    private static func patterns(of condition: SessionAssertion.Condition) throws -> [EventSelection] {
        switch condition {
        case .calls(let name, _): [EventSelection(try calls(of: name))]
        case .events(let events, _): [events]
        case .before(let first, let second): [first, second]
        case .within(_, let events, let followers): [events, followers]
        }
    }

    /// A pattern for the events of complete calls: the start of a call, or its outcome if the recording's client answered the call.
    private static func calls(of name: String) throws -> Pattern {
        let types: [EventType] = [.routerFunctionCallReady, .routerFunctionCallDone]
        let pattern: JSONValue = [
            "type": .array(types.map { .string($0.name) }), "name": [["exactly": .string(name)]],
        ]
        return try Pattern(json: pattern.description)
    }
}
