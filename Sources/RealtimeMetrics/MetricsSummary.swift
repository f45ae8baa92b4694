public import EventRouter
import Synchronization

/// A `MetricsSink` that adds everything up for the end of a run, for a person or a program.
public final class MetricsSummary: MetricsSink {
    /// A name with its labels.
    private struct Series: Hashable {
        var name: String
        var labels: [String: String]
    }

    private struct State {
        var sums: [Series: Double] = [:]
        var latencies: [Double] = []

        func total(_ name: String) -> Int {
            MetricsSummary.whole(sums.reduce(0) { $0 + ($1.key.name == name ? $1.value : 0) })
        }

        func counts(
            _ name: String, by label: String, where condition: (label: String, value: String)? = nil
        ) -> Figures.Counts {
            var counts: [String: Double] = [:]
            for (series, value) in sums where series.name == name {
                if let condition, series.labels[condition.label] != condition.value { continue }
                counts[series.labels[label] ?? "unknown", default: 0] += value
            }
            return counts.sorted { $0.key < $1.key }.map { ($0.key, MetricsSummary.whole($0.value)) }
        }
    }

    /// A sum as a whole number. Anybody may record here, so any value may come.
    private static func whole(_ value: Double) -> Int {
        value.isNaN ? 0 : Int(min(max(value.rounded(), 0), 0x1p53))
    }

    /// Latencies kept for the percentiles: the newest ones, so that an endless run stays small.
    private static let keptLatencies = 65_536

    private let state = Mutex(State())

    /// Makes an empty summary.
    public init() {}

    /// Adds a measurement.
    public func record(_ measurement: Measurement) {
        let series = Series(name: measurement.name, labels: measurement.labels)
        state.withLock { state in
            switch measurement.kind {
            case .counter: state.sums[series, default: 0] += measurement.value
            case .gauge: state.sums[series] = measurement.value
            case .histogram:
                guard measurement.name == "realtime_turn_latency_seconds", (0...1e9).contains(measurement.value)
                else { return }
                if state.latencies.count >= 2 * Self.keptLatencies { state.latencies.removeFirst(Self.keptLatencies) }
                state.latencies.append(measurement.value)
            }
        }
    }

    /// The figures as JSON and as lines.
    public var summary: HandlerSummary {
        let state = state.withLock { $0 }
        let figures = Figures(
            turns: state.total("realtime_turns_total"),
            latencies: state.latencies.sorted(),
            responses: state.counts("realtime_responses_total", by: "status"),
            input: state.counts("realtime_tokens_total", by: "modality", where: ("direction", "input")),
            output: state.counts("realtime_tokens_total", by: "modality", where: ("direction", "output")),
            cached: state.total("realtime_cached_tokens_total"),
            calls: state.counts("realtime_function_calls_total", by: "state"),
            interruptions: state.total("realtime_interruptions_total"),
            errors: state.counts("realtime_errors_total", by: "code"))
        return HandlerSummary(json: figures.json, lines: figures.lines)
    }
}
