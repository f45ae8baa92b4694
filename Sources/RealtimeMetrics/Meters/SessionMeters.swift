import ConfigSource
import EventRouter
import RealtimeEvents
import Synchronization

/// The meters of all running sessions, each of bounded size, and the sum of all sessions.
///
/// A running session is never removed, so the memory grows with the number of concurrent sessions. A session that ended
/// is removed with its `router.session.ended`. If no route sends that event here, the session is removed when the
/// number of sessions reaches 4,096, or twice the number of running sessions if that is more.
final class SessionMeters: Sendable {
    /// A class, because an entry changes with every event.
    private final class Entry {
        var meter: SessionMeter
        /// The session; nil once it has ended, because the router and its handlers release it then.
        weak var session: SessionToken?
        /// The session's sums so far; nil if they are not needed.
        var tally: Tally?
        /// Whether the session has ended, but its line has not been written yet.
        var isOver = false

        init(meter: SessionMeter, tally: Tally?) {
            self.meter = meter
            self.tally = tally
        }
    }

    private struct State {
        var entries: [String: Entry] = [:]
        var limiter = LabelLimiter()
        /// The sums of all sessions.
        var total = Tally(keptSamples: MetricsSummary.keptSamples)

        /// Adds a measurement, with its labels limited.
        mutating func record(_ measurement: inout Measurement) {
            // The labels of a known series are limited already.
            if total.recordIfKnown(measurement) { return }
            limiter.apply(to: &measurement)
            total.record(measurement)
        }

        private var removalThreshold = SessionMeters.limit

        /// Adds an entry. If there are many, removes the entries of sessions that are over.
        mutating func insert(_ entry: Entry, _ session: String) {
            if entries.count >= removalThreshold {
                entries = entries.filter { $0.value.session != nil }
                removalThreshold = max(SessionMeters.limit, 2 * entries.count)
            }
            entries[session] = entry
        }
    }

    /// The number of entries at which the entries of ended sessions are removed.
    private static let limit = 4096
    /// The number of samples kept for each histogram of a session. The longest sessions have some hundred turns.
    private static let keptSamples = 2048

    let prices: PriceTable?
    private let provider: String
    private let keepsTallies: Bool
    private let state = Mutex(State())

    init(prices: PriceTable?, provider: String, keepsTallies: Bool) {
        self.prices = prices
        self.provider = provider
        self.keepsTallies = keepsTallies
    }

    /// The sums of all sessions so far.
    var total: Tally { state.withLock { $0.total } }

    /// Measures an event, with the labels limited.
    func measure(_ event: RealtimeEvent, of routerSession: RouterSession) throws -> [Measurement] {
        let session = routerSession.key
        return try state.withLock { state in
            // An earlier session with the same key may have ended without its `router.session.ended` arriving here.
            let known = state.entries[session].flatMap { entry in
                entry.isOver || entry.session !== routerSession.token ? nil : entry
            }
            let entry = known ?? makeEntry(session)
            entry.session = routerSession.token
            var measurements = try entry.meter.measure(event)
            for index in measurements.indices {
                state.record(&measurements[index])
                entry.tally?.record(measurements[index])
            }
            entry.isOver = event.type.code == .routerSessionEnded
            if entry.isOver && !keepsTallies {
                state.entries[session] = nil
            } else if known == nil {
                state.insert(entry, session)
            }
            return measurements
        }
    }

    /// The metrics of a session that ended; nil if the session is running or has been removed.
    func endedSession(_ session: String) -> EndedSession? {
        state.withLock { state in
            guard let entry = state.entries[session], entry.isOver else { return nil }
            return entry.tally.map { EndedSession(state: entry.meter.state, tally: $0) }
        }
    }

    /// Removes a session whose line has been written.
    func remove(_ session: String) { state.withLock { $0.entries[session] = nil } }

    private func makeEntry(_ session: String) -> Entry {
        Entry(
            meter: SessionMeter(session: session, prices: prices, provider: provider),
            tally: keepsTallies ? Tally(keptSamples: Self.keptSamples) : nil)
    }
}

/// The metrics of a session that ended.
struct EndedSession {
    let state: SessionMeterState
    let tally: Tally
}

/// Limits the number of different label values. A model may call functions by any name, and every value creates a
/// series.
struct LabelLimiter: Sendable {
    /// The greatest number of values of a metric's label. Further values are counted as ``overflow``.
    static let limit = 50
    /// The number of characters (Unicode scalars) of a value that are kept.
    static let longest = 100
    /// The value that replaces values beyond the limit.
    static let overflow = "other"

    private var known: [String: [String: Set<String>]] = [:]

    /// Makes a measurement's label values printable, and limits their number.
    mutating func apply(to measurement: inout Measurement) {
        for (label, value) in measurement.labels {
            measurement.labels[label] = limited(value, of: label, in: measurement.name)
        }
    }

    private mutating func limited(_ value: String, of label: String, in metric: String) -> String {
        if known[metric]?[label]?.contains(value) ?? false { return value }
        let value = PrintableText(value, longest: Self.longest).description
        let count = known[metric]?[label]?.count ?? 0
        if known[metric]?[label]?.contains(value) ?? false { return value }
        guard count < Self.limit else { return Self.overflow }
        known[metric, default: [:]][label, default: []].insert(value)
        return value
    }
}
