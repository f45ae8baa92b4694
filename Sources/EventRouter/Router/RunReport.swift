public import EventJSON
import RealtimeEvents
public import RecordFiles

/// The session loop's own counts.
struct RunCounts {
    var events = 0
    var clientEvents = 0
    var derived = 0
    var undecodable = 0
    var unmatched = 0
    var derivedMatched = 0
    var hasTimes = false
    /// Calls that were left to the client, by the function's name.
    var unroutedCalls: [String: Int] = [:]
    /// Routes with a schedule that matched when nothing said what time it was.
    var undatedRoutes: Set<Int> = []
    var routeNames: [String] = []
    var matchedByRoute: [Int] = []
    /// Of routes that there are no longer, since rules were replaced.
    var matchedByEarlierRoute: [String: Int] = [:]
    var byCode: [Int] = []
    /// Client events that the session's state did not send.
    var unsent = 0
    var refusals = RefusalCounts()

    /// How often each route took an event: those of the rules in force, then the earlier ones.
    var matched: [(name: String, matched: Int)] {
        Array(zip(routeNames, matchedByRoute))
            + matchedByEarlierRoute.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    /// Goes on counting by other rules.
    ///
    /// - Parameter numbers: the new number of each route; nil for one that there is no longer.
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

/// What one run of one source came to, or one session.
public struct RunReport: Sendable {
    /// The session's key; nil for several sessions.
    public internal(set) var session: String?
    /// What each of several sessions came to, in the order in which they ended; of very many the last ones. Empty for one session.
    public internal(set) var parts: [RunReport] = []
    /// How many sessions ended before those of ``parts``, and are counted in the whole only.
    public internal(set) var earlierParts = 0
    /// Whether it is the report of one live session.
    public internal(set) var isLive = false
    /// Wire events of the server.
    public var events = 0
    /// Wire events of the client: they are not routed.
    public var clientEvents = 0
    /// Derived events that were built.
    public var derived = 0
    /// Derived events that a route took.
    public var derivedMatched = 0
    /// Lines that are no events.
    public var undecodable = 0
    /// Wire events that no route took.
    public var unmatched = 0
    /// Sessions in the source.
    public var sessions = 0
    /// Sessions in which the user spoke and the server transcribed nothing of it, as it was not told to.
    public var unheardSessions = 0
    /// Calls that no route gave to a handler that answers calls, by the function's name: they are the client's. Empty where no
    /// handler answers calls, or where one answers these too.
    public var unroutedCalls: [String: Int] = [:]
    /// Whether any line had a time, as envelopes have; without one there are no latencies and no pace.
    public var hasTimes = false
    /// The routes that matched and did not fire because nothing says when the session began, which their schedule needs; in file order.
    public var undatedRoutes: [String] = []
    /// Client events that went out.
    public var sent = 0
    /// Client events that were not sent, because of a shutdown's deadline, a failed sink or a renewed connection.
    public var unsent = 0
    /// Client events of the router that the server refused, by what they were sent for and the server's code; of very many kinds the first.
    public var refusals: [RefusalCount] = []
    /// How often routing waited because the queue of client events was full.
    public var outboundWaits = 0
    /// Messages of live sessions that lost their audio because too much waited.
    public var audioDropped = 0
    /// How long the run took, in seconds.
    public var durationSeconds = 0.0
    /// How often each route took an event, in file order.
    public var routes: [(name: String, matched: Int)] = []
    /// What became of each handler's deliveries, in file order.
    public var handlers: [(name: String, counts: HandlerCounts)] = []
    /// Wire events by canonical type; types that the router does not know stand under "".
    public var eventsByType: [(type: String, count: Int)] = []
    /// What handlers have to say at the end, in file order.
    public var summaries: [(handler: String, summary: HandlerSummary)] = []
    /// Why each route fired as often as it did, in file order; empty unless the router was told to explain.
    public var explanations: [RouteExplanation] = []
    /// Whether a shutdown ended the run before its source did.
    public var wasInterrupted = false
    /// What ended the run, or one of several sources, before its time: errors of sources and of what goes out. Of very many the first ones.
    public var failures: [any Error] = []
    /// The first of the ``failures``.
    public var failure: (any Error)? {
        get { failures.first }
        set { failures = newValue.map { [$0] } ?? [] }
    }
    /// The files that lack records, as far as that was known when the run ended: those of all runs of its router. See
    /// ``Router/unwritten``.
    public var unwritten: [UnwrittenFile] = []

    /// Dead letters of all handlers.
    public var deadLetters: Int { handlers.reduce(0) { $0 + $1.counts.deadLetters } }
    /// Deliveries that did not fit into a queue, of all handlers.
    public var dropped: Int { handlers.reduce(0) { $0 + $1.counts.dropped } }
    /// Events that did not get where they should have: undecodable lines, drops and dead letters.
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

    /// What one of several sessions came to.
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

    /// Whether nothing came.
    var isEmpty: Bool { events == 0 && clientEvents == 0 && undecodable == 0 && derived == 0 }

    /// Adds what another session came to.
    mutating func add(_ other: RunReport) {
        events += other.events
        clientEvents += other.clientEvents
        derived += other.derived
        derivedMatched += other.derivedMatched
        undecodable += other.undecodable
        unmatched += other.unmatched
        sessions += other.sessions
        unheardSessions += other.unheardSessions
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

    /// Adds what ended something before its time.
    mutating func add(failure: any Error) {
        if failures.count < Self.keptFailures { failures.append(failure) }
    }

    private static let keptFailures = 1000

    private mutating func addCounts(of other: RunReport) {
        for (name, matched) in other.routes {
            if let place = routes.firstIndex(where: { $0.name == name }) {
                routes[place].matched += matched
            } else {
                routes.append((name, matched))
            }
        }
        for (name, counts) in other.handlers {
            if let place = handlers.firstIndex(where: { $0.name == name }) {
                handlers[place].counts += counts
            } else {
                handlers.append((name, counts))
            }
        }
        for (type, count) in other.eventsByType {
            if let place = eventsByType.firstIndex(where: { $0.type == type }) {
                eventsByType[place].count += count
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

/// How far a run is.
public struct RunProgress: Sendable, Hashable {
    /// Sessions that have ended.
    public var ended = 0
    /// Sessions that run.
    public var running = 0
    /// Events of the server that were routed.
    public var events = 0

    /// Makes the progress of a run; by default of one that has not begun.
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

/// The closing words of a handler, for programs and for people.
public struct HandlerSummary: Sendable, Hashable {
    /// Stands under `metrics` in the JSON summary, by the handler's name.
    public var json: JSONValue
    /// Lines for a person, without line ends.
    public var lines: [String]

    /// Makes a summary from its two forms.
    public init(json: JSONValue, lines: [String]) {
        self.json = json
        self.lines = lines
    }
}
