import EventRouter
import RealtimeEvents
import Synchronization

/// What is remembered of the sessions that run, each in a bounded room, and what all of them came to.
final class SessionBook: Sendable {
    /// An object, because it changes with every event.
    private final class Entry {
        var reading: MetricsReading
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

        /// Keeps an entry; when there are too many, another one goes.
        mutating func keep(_ entry: Entry, _ session: String) {
            if entries.count >= SessionBook.limit, entries[session] == nil, let other = entries.keys.first {
                entries[other] = nil
            }
            entries[session] = entry
        }
    }

    /// How many sessions are remembered at a time.
    private static let limit = 4096
    /// Samples kept of each histogram of a session. The longest sessions have some hundred turns.
    private static let keptSamples = 2048

    private let prices: PriceTable?
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
    func take(_ event: RealtimeEvent, session: String) throws -> [Measurement] {
        try state.withLock { state in
            let known = state.entries[session].flatMap { $0.isOver ? nil : $0 }
            let entry = known ?? makeEntry(session)
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
