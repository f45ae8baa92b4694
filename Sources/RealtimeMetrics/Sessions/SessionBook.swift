import EventRouter
import RealtimeEvents
import Synchronization

/// What is remembered of the sessions that run, each in a bounded room.
final class SessionBook: Sendable {
    private struct Entry {
        var meter: SessionMeter
        /// What the session came to so far; nil where nobody asks.
        var tally: Tally?
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

    /// Measures an event.
    ///
    /// - Returns: the measurements, with bounded labels, and when the event ends its session what that came to.
    func take(_ event: RealtimeEvent, session: String) throws -> (measurements: [Measurement], ended: SessionFigures?) {
        try state.withLock { state in
            var entry = state.entries[session] ?? makeEntry(session)
            var reading = MetricsReading(meter: entry.meter, prices: prices, provider: provider)
            let measurements = try reading.measurements(of: event).map { state.bounds.bound($0) }
            entry.meter = reading.meter
            for measurement in measurements { entry.tally?.record(measurement) }
            guard event.type.code == .routerSessionEnded else {
                state.keep(entry, session)
                return (measurements, nil)
            }
            state.entries[session] = nil
            return (measurements, entry.tally.map { SessionFigures(meter: entry.meter, tally: $0) })
        }
    }

    private func makeEntry(_ session: String) -> Entry {
        Entry(
            meter: SessionMeter(session: session), tally: keepsTallies ? Tally(keptSamples: Self.keptSamples) : nil)
    }
}
