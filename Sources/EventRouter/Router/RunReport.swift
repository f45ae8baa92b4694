public import EventJSON
import RealtimeEvents
public import RecordFiles

/// The counts of one session's loop.
struct RunCounts {
    var events = 0
    var clientEvents = 0
    var derived = 0
    var undecodable = 0
    var unmatched = 0
    var derivedMatched = 0
    var hasTimes = false
    /// The number of calls that were left to the client, by the function's name.
    var unroutedCalls: [String: Int] = [:]
    /// The indices of routes with a schedule that matched an event without a known wall-clock time.
    var undatedRoutes: Set<Int> = []
    var routeNames: [String] = []
    var matchedByRoute: [Int] = []
    /// The counts of routes that a replacement of rules removed.
    var matchedByEarlierRoute: [String: Int] = [:]
    var byCode: [Int] = []
    /// The number of client events that the session's state did not send.
    var unsent = 0
    var refusals = RefusalCounts()

    /// The number of events that each route took: current routes first, then removed ones.
    var matched: [(name: String, matched: Int)] {
        Array(zip(routeNames, matchedByRoute))
            + matchedByEarlierRoute.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    /// Moves the counts to other rules.
    ///
    /// - Parameter numbers: The new index of each route; nil for a route that was removed.
    mutating func renumber(_ numbers: [Int?], to names: [String]) {
        let earlier = zip(routeNames, matchedByRoute)
        undatedRoutes = Set(undatedRoutes.compactMap { numbers[$0] })
        routeNames = names
        matchedByRoute = names.map { matchedByEarlierRoute.removeValue(forKey: $0) ?? 0 }
        for (number, (name, count)) in zip(numbers, earlier) {
            if let number { matchedByRoute[number] += count } else if count > 0 { matchedByEarlierRoute[name] = count }
        }
    }
}

/// The results of one run of a source, or of one session.
public struct RunReport: Sendable {
    /// The session's key; nil for a report of several sessions.
    public internal(set) var session: String?
    /// The reports of the sessions, in the order in which they ended; at most the last 1,000. Empty for one session.
    public internal(set) var parts: [RunReport] = []
    /// The number of sessions that ended before those of ``parts``. They are only part of the totals.
    public internal(set) var earlierParts = 0
    /// Whether this is the report of one live session.
    public internal(set) var isLive = false
    /// The number of server wire events.
    public var events = 0
    /// The number of client wire events. Only routes with `direction: client` take them.
    public var clientEvents = 0
    /// The number of derived events that were built.
    public var derived = 0
    /// The number of derived events that a route took.
    public var derivedMatched = 0
    /// The number of lines that are not events.
    public var undecodable = 0
    /// The number of wire events that no route took.
    public var unmatched = 0
    /// The number of sessions.
    public var sessions = 0
    /// The number of sessions in which the user spoke but input transcription was off.
    public var untranscribedSessions = 0
    /// The number of calls that no route sent to a handler of function calls, by the function's name. They are left to
    /// the client. Empty if no handler answers calls, or if one answers these too.
    public var unroutedCalls: [String: Int] = [:]
    /// Whether any line had a time, as envelopes have. Without times there are no latencies and no pace.
    public var hasTimes = false
    /// The routes that matched but did not fire because the session's start, which their schedule needs, is not known;
    /// in file order.
    public var undatedRoutes: [String] = []
    /// The number of client events that were sent.
    public var sent = 0
    /// The number of client events that were not sent, because of a shutdown's deadline, a failed sink or a renewed
    /// connection.
    public var unsent = 0
    /// The client events of the router that the server refused, by sender and error code; at most the first 100 kinds.
    public var refusals: [RefusalCount] = []
    /// The number of times that routing waited because the queue of client events was full.
    public var outboundWaits = 0
    /// The number of messages of live sessions that lost their audio because too many bytes were waiting.
    public var audioDropped = 0
    /// The duration of the run, in seconds.
    public var durationSeconds = 0.0
    /// The number of events that each route took, in file order.
    public var routes: [(name: String, matched: Int)] = []
    /// The counts of each handler's deliveries, in file order.
    public var handlers: [(name: String, counts: HandlerCounts)] = []
    /// The number of wire events by canonical type. Types that the router does not know are counted under "".
    public var eventsByType: [(type: String, count: Int)] = []
    /// The handlers' summaries, in file order.
    public var summaries: [(handler: String, summary: HandlerSummary)] = []
    /// The explanation of each route, in file order; empty unless explanations were requested.
    public var explanations: [RouteExplanation] = []
    /// Whether a shutdown ended the run before its source did.
    public var wasInterrupted = false
    /// The errors of sources and outbound sinks that ended the run, or a part of it, early; at most the first 1,000.
    public var failures: [any Error] = []
    /// The first of the ``failures``.
    public var failure: (any Error)? {
        get { failures.first }
        set { failures = newValue.map { [$0] } ?? [] }
    }
    /// The files that lack records of any run of the router, as known when this run ended. See ``Router/unwritten``.
    public var unwritten: [UnwrittenFile] = []

    /// The number of dead letters of all handlers.
    public var deadLetters: Int { handlers.reduce(0) { $0 + $1.counts.deadLetters } }
    /// The number of dropped deliveries of all handlers.
    public var dropped: Int { handlers.reduce(0) { $0 + $1.counts.dropped } }
    /// The number of lost events: undecodable lines, dropped deliveries and dead letters.
    public var lost: Int { undecodable + dropped + deadLetters }

    /// The report as one JSON object.
    public var json: JSONValue {
        var object = JSONObject()
        object["events"] = .number(JSONNumber(events))
        object["derived"] = .number(JSONNumber(derived))
        object["undecodable"] = .number(JSONNumber(undecodable))
        object["unmatched"] = .number(JSONNumber(unmatched))
        if !unroutedCalls.isEmpty {
            object["unrouted_calls"] = .object(
                unroutedCalls.sorted { $0.key < $1.key }.reduce(into: JSONObject()) {
                    $0[$1.key] = .number(JSONNumber($1.value))
                })
        }
        object["sessions"] = .number(JSONNumber(sessions))
        object["sent"] = .number(JSONNumber(sent))
        if unsent > 0 { object["unsent"] = .number(JSONNumber(unsent)) }
        if !refusals.isEmpty { object["refused"] = .array(refusals.map { .object($0.json) }) }
        if audioDropped > 0 { object["audio_dropped"] = .number(JSONNumber(audioDropped)) }
        if outboundWaits > 0 { object["outbound_waits"] = .number(JSONNumber(outboundWaits)) }
        object["duration_seconds"] = .number(JSONNumber((durationSeconds * 1000).rounded() / 1000))
        object["routes"] = .object(
            routes.reduce(into: JSONObject()) { $0[$1.name] = ["matched": .number(JSONNumber($1.matched))] })
        object["handlers"] = .object(
            handlers.reduce(into: JSONObject()) { $0[$1.name] = Self.json(of: $1.counts) })
        if !unwritten.isEmpty {
            object["unwritten"] = .object(
                unwritten.reduce(into: JSONObject()) {
                    $0[$1.path] = ["records": .number(JSONNumber($1.records)), "error": .string($1.error)]
                })
        }
        object["metrics"] = .object(summaries.reduce(into: JSONObject()) { $0[$1.handler] = $1.summary.json })
        if !parts.isEmpty {
            object["by_session"] = .array(parts.map { .object($0.shortJSON) })
            if earlierParts > 0 { object["earlier_sessions"] = .number(JSONNumber(earlierParts)) }
        }
        return .object(object)
    }

    /// The JSON object of one of several sessions.
    private var shortJSON: JSONObject {
        var object = JSONObject()
        object["session"] = .string(session ?? "")
        let figures = [
            ("events", events), ("client_events", clientEvents), ("derived", derived), ("undecodable", undecodable),
            ("unmatched", unmatched), ("sent", sent), ("dropped", dropped), ("dead_letters", deadLetters),
        ]
        for (name, figure) in figures { object[name] = .number(JSONNumber(figure)) }
        object["duration_seconds"] = .number(JSONNumber((durationSeconds * 1000).rounded() / 1000))
        if let failure { object["failure"] = .string("\(failure)") }
        return object
    }

    /// Whether no events or lines were received.
    var isEmpty: Bool { events == 0 && clientEvents == 0 && undecodable == 0 && derived == 0 }

    /// Adds the report of another session.
    mutating func add(_ other: RunReport) {
        events += other.events
        clientEvents += other.clientEvents
        derived += other.derived
        derivedMatched += other.derivedMatched
        undecodable += other.undecodable
        unmatched += other.unmatched
        sessions += other.sessions
        untranscribedSessions += other.untranscribedSessions
        unroutedCalls.merge(other.unroutedCalls, uniquingKeysWith: +)
        hasTimes = hasTimes || other.hasTimes
        undatedRoutes += other.undatedRoutes.filter { !undatedRoutes.contains($0) }
        sent += other.sent
        unsent += other.unsent
        var all = RefusalCounts(all: refusals)
        for refusal in other.refusals { all.add(refusal) }
        refusals = all.all
        outboundWaits += other.outboundWaits
        audioDropped += other.audioDropped
        addCounts(of: other)
        explanations += other.explanations
        wasInterrupted = wasInterrupted || other.wasInterrupted
        for failure in other.failures { add(failure: failure) }
    }

    /// Adds an error.
    mutating func add(failure: any Error) {
        if failures.count < Self.keptFailures { failures.append(failure) }
    }

    private static let keptFailures = 1000

    private mutating func addCounts(of other: RunReport) {
        for (name, matched) in other.routes {
            if let index = routes.firstIndex(where: { $0.name == name }) {
                routes[index].matched += matched
            } else {
                routes.append((name, matched))
            }
        }
        for (name, counts) in other.handlers {
            if let index = handlers.firstIndex(where: { $0.name == name }) {
                handlers[index].counts += counts
            } else {
                handlers.append((name, counts))
            }
        }
        for (type, count) in other.eventsByType {
            if let index = eventsByType.firstIndex(where: { $0.type == type }) {
                eventsByType[index].count += count
            } else {
                eventsByType.append((type, count))
            }
        }
    }

    private static func json(of counts: HandlerCounts) -> JSONValue {
        [
            "delivered": .number(JSONNumber(counts.delivered)), "failed": .number(JSONNumber(counts.failed)),
            "retried": .number(JSONNumber(counts.retried)), "dropped": .number(JSONNumber(counts.dropped)),
            "dead_letters": .number(JSONNumber(counts.deadLetters)),
        ]
    }
}

/// The progress of a run.
public struct RunProgress: Sendable, Hashable {
    /// The number of sessions that have ended.
    public var ended = 0
    /// The number of running sessions.
    public var running = 0
    /// The number of server events that were routed.
    public var events = 0

    /// Creates a progress report; by default, of a run that has not begun.
    public init(ended: Int = 0, running: Int = 0, events: Int = 0) {
        self.ended = ended
        self.running = running
        self.events = events
    }

    mutating func add(_ other: RunProgress) {
        ended += other.ended
        running += other.running
        events += other.events
    }
}

/// A handler's report at the end of a run, for programs and for people.
public struct HandlerSummary: Sendable, Hashable {
    /// The value in the JSON summary, under `metrics` and the handler's name.
    public var json: JSONValue
    /// The lines for people, without line ends.
    public var lines: [String]

    /// Creates a summary.
    public init(json: JSONValue, lines: [String]) {
        self.json = json
        self.lines = lines
    }
}
