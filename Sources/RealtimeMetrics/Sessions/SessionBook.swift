import EventRouter
import RealtimeEvents
import Synchronization

/// What is remembered of the sessions that run, each in a bounded room.
final class SessionBook: Sendable {
    private struct Entry {
        var meter: SessionMeter
        /// What the session came to so far; nil where nobody asks.
        var tally: Tally?
        /// Whether the session has ended, and what it came to is still to be written.
        var isOver = false
    }

    private struct State {
        var entries: [String: Entry] = [:]
        var bounds = LabelBounds()

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

    /// Measures an event, with bounded labels.
    func take(_ event: RealtimeEvent, session: String) throws -> [Measurement] {
        try state.withLock { state in
            var entry = state.entries[session].flatMap { $0.isOver ? nil : $0 } ?? makeEntry(session)
            var reading = MetricsReading(meter: entry.meter, prices: prices, provider: provider)
            let measurements = try reading.measurements(of: event).map { state.bounds.bound($0) }
            entry.meter = reading.meter
            for measurement in measurements { entry.tally?.record(measurement) }
            entry.isOver = event.type.code == .routerSessionEnded
            if entry.isOver && !keepsTallies {
                state.entries[session] = nil
            } else {
                state.keep(entry, session)
            }
            return measurements
        }
    }

    /// What a session that ended came to, until it is closed.
    func ended(_ session: String) -> SessionFigures? {
        state.withLock { state in
            guard let entry = state.entries[session], entry.isOver else { return nil }
            return entry.tally.map { SessionFigures(meter: entry.meter, tally: $0) }
        }
    }

    /// Forgets a session, which was written.
    func close(_ session: String) { state.withLock { $0.entries[session] = nil } }

    private func makeEntry(_ session: String) -> Entry {
        Entry(
            meter: SessionMeter(session: session), tally: keepsTallies ? Tally(keptSamples: Self.keptSamples) : nil)
    }
}
