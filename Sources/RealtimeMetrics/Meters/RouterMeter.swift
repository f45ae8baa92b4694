import EventRouter
import RealtimeEvents
import Synchronization

/// Measures a router's activity since the last measurement: the router's counters are totals, but sinks expect
/// differences.
struct RouterMeter: Sendable {
    private let activity: RouterActivity
    private var last: RouterFigures?

    init(_ activity: RouterActivity) {
        self.activity = activity
    }

    mutating func measurements() -> [Measurement] {
        let now = activity.figures
        defer { last = now }
        return events(now) + deliveries(now) + handling(now) + sources(now)
    }

    private func events(_ now: RouterFigures) -> [Measurement] {
        let earlier = Dictionary(uniqueKeysWithValues: (last?.eventsByCode ?? []).map { ($0.code, $0.count) })
        var measurements = now.eventsByCode.flatMap { code, count in
            let type = code == .unknown ? LabelLimiter.overflow : EventType(code).name
            return counter("realtime_events_total", count - (earlier[code] ?? 0), ["type": type])
        }
        measurements += counter("realtime_router_derived_events_total", now.derived - (last?.derived ?? 0))
        measurements += counter("realtime_router_undecodable_total", now.undecodable - (last?.undecodable ?? 0))
        measurements += counter("realtime_router_unmatched_total", now.unmatched - (last?.unmatched ?? 0))
        for (index, route) in now.routes.enumerated() {
            let matched = now.matchedByRoute[index] - (last?.matchedByRoute.element(at: index) ?? 0)
            measurements += counter("realtime_router_matched_total", matched, ["route": route])
        }
        return measurements + [
            Measurement("realtime_sessions_active", .gauge, Double(now.running), session: "")
        ]
    }

    private func deliveries(_ now: RouterFigures) -> [Measurement] {
        now.handlers.enumerated().flatMap { index, handler in
            let new = handler.counts
            let old = last?.handlers.element(at: index)?.counts ?? HandlerCounts()
            let outcomes = [
                ("delivered", new.delivered - old.delivered), ("dropped", new.dropped - old.dropped),
                ("dead_letter", new.deadLetters - old.deadLetters),
            ]
            let label: MeasurementLabels = ["handler": handler.name]
            return outcomes.flatMap { outcome, count in
                counter(
                    "realtime_router_deliveries_total", count, ["handler": handler.name, "outcome": outcome])
            }
                + counter("realtime_router_failed_attempts_total", new.failed - old.failed, label)
                + [
                    Measurement(
                        "realtime_router_queue_depth", .gauge, Double(handler.queued), labels: label, session: "")
                ]
        }
    }

    /// Measures the sessions of each source, and the sources' own metrics.
    private func sources(_ now: RouterFigures) -> [Measurement] {
        let earlier = Dictionary(
            (last?.sources ?? []).map { (SourceSeries($0), $0.amount) }, uniquingKeysWith: { first, _ in first })
        let sessions = now.runningBySource.map { source, count in
            Measurement(
                "realtime_router_source_sessions", .gauge, Double(count), labels: ["source": source], session: "")
        }
        return sessions
            + now.sources.flatMap { figure in
                let name = MetricFamily.sourcePrefix + figure.name
                switch (figure.amount, earlier[SourceSeries(figure)]) {
                case (.counter(let count), .counter(let old)?): return growth(name, count - old, figure.labels)
                // A new metric is recorded even if it is 0.
                case (.counter(let count), _):
                    return [Measurement(name, .counter, Double(count), labels: figure.labels, session: "")]
                case (.gauge(let value), _):
                    return [Measurement(name, .gauge, Double(value), labels: figure.labels, session: "")]
                case (.histogram(let buckets), .histogram(let old)?):
                    return means(name, buckets, since: old, figure.labels)
                case (.histogram(let buckets), _): return means(name, buckets, since: [], figure.labels)
                }
            }
    }

    private func growth(_ name: String, _ growth: Int, _ labels: MeasurementLabels) -> [Measurement] {
        growth > 0 ? [Measurement(name, .counter, Double(growth), labels: labels, session: "")] : []
    }

    /// Measures handling times. Each bucket becomes one measurement: the mean of its times, with their count. The sum
    /// and the bucket counts are then exact.
    private func handling(_ now: RouterFigures) -> [Measurement] {
        now.handlers.enumerated().flatMap { index, handler in
            means(
                "realtime_router_handling_seconds", handler.times,
                since: last?.handlers.element(at: index)?.times ?? [], ["handler": handler.name])
        }
    }

    private func means(
        _ name: String, _ buckets: [HandlingTimes.Bucket], since earlier: [HandlingTimes.Bucket],
        _ labels: MeasurementLabels
    ) -> [Measurement] {
        buckets.enumerated().compactMap { place, bucket in
            let old = earlier.element(at: place) ?? HandlingTimes.Bucket()
            let count = bucket.count - old.count
            guard count > 0 else { return nil }
            let mean = (bucket.seconds - old.seconds) / Double(count)
            // Rounding must not move the mean into the next bucket.
            let bounds = HandlingTimes.bounds
            return Measurement(
                name, .histogram, place < bounds.count ? min(mean, bounds[place]) : mean, count: count,
                labels: labels, session: "")
        }
    }

    /// The growth of a counter. The first measurement includes counters that have not grown, as 0, so that every
    /// counter exists from the beginning.
    private func counter(_ name: String, _ growth: Int, _ labels: MeasurementLabels = [:]) -> [Measurement] {
        guard growth > 0 || last == nil else { return [] }
        return [Measurement(name, .counter, Double(growth), labels: labels, session: "")]
    }
}

/// The identity of a source's metric: its name and labels.
private struct SourceSeries: Hashable {
    let name: String
    let labels: MeasurementLabels

    init(_ figure: SourceFigureValue) {
        name = figure.name
        labels = figure.labels
    }
}

extension Array {
    /// The element at an index; nil if the array is shorter, because the element was added later.
    fileprivate func element(at index: Int) -> Element? { index < count ? self[index] : nil }
}

/// The meters of the routers that a handler measures, and the task that calls them at intervals.
final class RouterMeters: Sendable {
    private struct State {
        var meters: [RouterMeter] = []
        var task: Task<Void, Never>?
    }

    private let state = Mutex(State())

    func add(_ activity: RouterActivity) {
        state.withLock { $0.meters.append(RouterMeter(activity)) }
    }

    /// Measures the routers' activity since the last call.
    func measurements() -> [Measurement] {
        state.withLock { state in state.meters.indices.flatMap { state.meters[$0].measurements() } }
    }

    /// Calls `record` at each interval, until ``stop()``.
    func start(every interval: Duration, _ clock: any RouterClock, _ record: @escaping @Sendable () -> Void) {
        let task = Task {
            while (try? await clock.sleep(for: interval)) != nil { record() }
        }
        let earlier = state.withLock { state in
            defer { state.task = task }
            return state.task
        }
        earlier?.cancel()
    }

    func stop() async {
        let task = state.withLock { state in
            defer { state.task = nil }
            return state.task
        }
        task?.cancel()
        await task?.value
    }
}
