import ConfigSource
import EventRouter
import RealtimeEvents
import Synchronization

/// What is remembered of the sessions that run, each in a bounded room, and what all of them came to.
///
/// A session that runs is never forgotten: the room grows with the sessions that run at a time. One that has ended is forgotten with its
/// `router.session.ended`; where no route sends that event here, at the latest when there are 4,096 sessions, or twice as many as run.
final class SessionBook: Sendable {
    /// An object, because it changes with every event.
    private final class Entry {
        var reading: MetricsReading
        /// The session; nil once it is over, as the router and its handlers let it go then.
        weak var session: SessionToken?
        /// What the session came to so far; nil where nobody asks.
        var tally: Tally?
        /// Whether the session has ended, and what it came to is still to be written.
        var isOver = false

        init(reading: MetricsReading, tally: Tally?) {
            self.reading = reading
            self.tally = tally
        }
    }

    private struct State {
        var entries: [String: Entry] = [:]
        var bounds = LabelBounds()
        /// What all sessions came to.
        var total = Tally(keptSamples: MetricsSummary.keptSamples)

        /// Adds a measurement up, with bounded labels.
        mutating func record(_ measurement: inout Measurement) {
            // A series that is there has such labels.
            if total.recordIfKnown(measurement) { return }
            bounds.bound(&measurement)
            total.record(measurement)
        }

        private var sweepAt = SessionBook.limit

        /// Keeps an entry; when there are many, those of sessions that are over go.
        mutating func keep(_ entry: Entry, _ session: String) {
            if entries.count >= sweepAt {
                entries = entries.filter { $0.value.session != nil }
                sweepAt = max(SessionBook.limit, 2 * entries.count)
            }
            entries[session] = entry
        }
    }

    /// How many sessions are remembered before those that are over go.
    private static let limit = 4096
    /// Samples kept of each histogram of a session. The longest sessions have some hundred turns.
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

    /// What all sessions came to so far.
    var total: Tally { state.withLock { $0.total } }

    /// Measures an event, with bounded labels.
    func take(_ event: RealtimeEvent, of routerSession: RouterSession) throws -> [Measurement] {
        let session = routerSession.key
        return try state.withLock { state in
            // A session that ended and was not told so here may have had the same key.
            let known = state.entries[session].flatMap { entry in
                entry.isOver || entry.session !== routerSession.token ? nil : entry
            }
            let entry = known ?? makeEntry(session)
            entry.session = routerSession.token
            var measurements = try entry.reading.take(event)
            for index in measurements.indices {
                state.record(&measurements[index])
                entry.tally?.record(measurements[index])
            }
            entry.isOver = event.type.code == .routerSessionEnded
            if entry.isOver && !keepsTallies {
                state.entries[session] = nil
            } else if known == nil {
                state.keep(entry, session)
            }
            return measurements
        }
    }

    /// What a session that ended came to, until it is closed.
    func ended(_ session: String) -> SessionFigures? {
        state.withLock { state in
            guard let entry = state.entries[session], entry.isOver else { return nil }
            return entry.tally.map { SessionFigures(meter: entry.reading.meter, tally: $0) }
        }
    }

    /// Forgets a session, which was written.
    func close(_ session: String) { state.withLock { $0.entries[session] = nil } }

    private func makeEntry(_ session: String) -> Entry {
        Entry(
            reading: MetricsReading(session: session, prices: prices, provider: provider),
            tally: keepsTallies ? Tally(keptSamples: Self.keptSamples) : nil)
    }
}

/// What a session that ended came to.
struct SessionFigures {
    let meter: SessionMeter
    let tally: Tally
}

/// Keeps the number of different label values small: a model may call functions by any name, and every value is a series.
struct LabelBounds: Sendable {
    /// How many values a label of a metric may have; what comes after them is counted as ``overflow``.
    static let limit = 50
    /// How many characters (Unicode scalars) of a value are kept.
    static let longest = 100
    /// What stands for values beyond the limit.
    static let overflow = "other"

    private var known: [String: [String: Set<String>]] = [:]

    /// Makes the values of a measurement printable, and not too many.
    mutating func bound(_ measurement: inout Measurement) {
        for (label, value) in measurement.labels {
            measurement.labels[label] = bounded(value, of: label, in: measurement.name)
        }
    }

    private mutating func bounded(_ value: String, of label: String, in metric: String) -> String {
        if known[metric]?[label]?.contains(value) ?? false { return value }
        let value = PrintableText(value, longest: Self.longest).description
        let count = known[metric]?[label]?.count ?? 0
        if known[metric]?[label]?.contains(value) ?? false { return value }
        guard count < Self.limit else { return Self.overflow }
        known[metric, default: [:]][label, default: []].insert(value)
        return value
    }
}
