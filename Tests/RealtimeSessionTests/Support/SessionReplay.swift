import EventJSON
import RealtimeEvents
import RealtimeSession

/// Feeds lines of a session to its state as the router does: one scan, the session's fields, derived events and
/// outbound events.
///
/// A line is an event, or an envelope with `at`, `direction` and `event`. Blank lines count and are skipped.
struct SessionReplay {
    private(set) var state: SessionState
    private(set) var derived: [DerivedEvent] = []
    private(set) var outbound: [ClientEvent] = []
    private(set) var line = 0
    /// What happens to a call that becomes ready.
    var onReady = Readiness.take

    enum Readiness {
        /// A handler takes the call; its outcome comes later.
        case take
        /// A handler takes the call and answers immediately.
        case answer(String)
        /// No handler takes the call.
        case decline
    }

    private let plan = FieldPlan(SessionFields.paths)
    private let fields: SessionFields
    private var seen = 0

    init(_ configuration: SessionConfiguration = SessionConfiguration(key: "s"), onReady: Readiness = .take) {
        state = SessionState(configuration)
        fields = SessionFields(plan)
        self.onReady = onReady
    }

    /// A whole source, from its first line to its end.
    init(
        of lines: String, _ configuration: SessionConfiguration = SessionConfiguration(key: "s"),
        onReady: Readiness = .take
    ) throws {
        self.init(configuration, onReady: onReady)
        try feed(lines)
        end()
    }

    mutating func feed(_ lines: String) throws {
        for text in lines.split(separator: "\n", omittingEmptySubsequences: false) {
            line += 1
            if text.allSatisfy(\.isWhitespace) { continue }
            try feed(line: String(text))
        }
    }

    private mutating func feed(line text: String) throws {
        let json = try JSONValue(parsing: text)
        guard json["type"] == nil, let event = json["event"], let direction = json["direction"]?.string else {
            return try apply(text, at: nil)
        }
        let at = json["at"]?.double
        if direction == "client" {
            let bytes = Array(event.description.utf8)
            var slots = FieldSlots(plan)
            try plan.scan(bytes.span.bytes, into: &slots)
            var events = DerivedEvents()
            state.applyClient(fields, &slots, bytes.span.bytes, line: line, at: at, into: &events)
            take(events)
        } else {
            try apply(event.description, at: at)
        }
    }

    private mutating func apply(_ text: String, at: Double?) throws {
        let name = try JSONValue(parsing: text)["type"]?.string ?? ""
        let bytes = Array(text.utf8)
        var events = DerivedEvents()
        var slots = FieldSlots(plan)
        try plan.scan(bytes.span.bytes, into: &slots)
        state.apply(
            EventType(name).code, fields, &slots, bytes.span.bytes, line: line, at: at, into: &events)
        take(events)
    }

    mutating func complete(
        _ callID: String, _ output: String, state: FunctionCallState = .completed, occurrence: Int? = nil
    ) {
        var outcome = FunctionCallOutcome(callID: callID, state: state, output: output)
        outcome.occurrence = occurrence
        complete(outcome)
    }

    mutating func complete(_ outcome: FunctionCallOutcome) {
        var events = DerivedEvents()
        state.complete(outcome, into: &events)
        take(events)
    }

    mutating func send(_ event: ClientEvent) {
        state.send(event)
        drain()
    }

    mutating func requestResponse() {
        state.requestResponse()
        drain()
    }

    mutating func speak(_ parameters: ResponseParameters, whileWaitingFor callID: String) {
        state.speak(parameters, whileWaitingFor: CallReference(callID: callID))
        drain()
    }

    mutating func advanceTime(to seconds: Double) {
        var events = DerivedEvents()
        state.advanceTime(to: seconds, into: &events)
        take(events)
    }

    mutating func hasPendingWords() -> Bool { state.hasPendingWords() }

    mutating func loseConnection(at seconds: Double) {
        var events = DerivedEvents()
        state.loseConnection(at: seconds, reason: nil, into: &events)
        take(events)
    }

    mutating func restoreConnection(at seconds: Double) {
        var events = DerivedEvents()
        state.restoreConnection(at: seconds, attempt: nil, into: &events)
        take(events)
    }

    mutating func endOfSource(_ reason: SessionEndReason = .endOfSource) {
        var events = DerivedEvents()
        state.endOfSource(reason, into: &events)
        take(events)
    }

    mutating func end(_ reason: SessionEndReason = .endOfSource) {
        endOfSource(reason)
        var events = DerivedEvents()
        state.finish(into: &events)
        take(events)
    }

    private mutating func take(_ events: DerivedEvents) {
        for event in events {
            derived.append(event)
            guard event.code == .routerFunctionCallReady, let call = event.call else { continue }
            switch onReady {
            case .take: state.take(call)
            case .decline: state.decline(call)
            case .answer(let output):
                state.take(call)
                complete(FunctionCallOutcome(of: call, state: .completed, output: output))
            }
        }
        drain()
    }

    private mutating func drain() {
        while let event = state.nextOutbound() { outbound.append(event.event) }
    }
}
