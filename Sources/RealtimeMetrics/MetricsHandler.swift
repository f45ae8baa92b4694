public import EventRouter
public import RealtimeEvents
import Synchronization

/// Turns events and the router's own activity into `Measurement`s, and records them in sinks.
///
/// ``MetricFamily/all`` lists the metrics. Times come from the recording or the connection; without them, times are not
/// measured. In each metric, a label has at most about fifty values; `other` stands for all further values.
public struct MetricsHandler:
    RouterObserver, ServerEventHandling, HandlerSuccessor, RecordKeeping, RecordWriter, Summarizing, PriceKeeping
{
    private let sinks: [any MetricsSink]
    private let exporters: [any MetricsExporter]
    private let prometheus = PrometheusText()
    private let interval: Duration
    private let clock: any RouterClock
    private let meters: SessionMeters
    private let sessions: SessionRecords?
    private let routers = RouterMeters()

    /// Creates a handler; opens nothing before ``start()``.
    ///
    /// - Parameters:
    ///   - sinks: The sinks of the measurements, in addition to the handler's own summary.
    ///   - exporters: The exporters of all metrics in Prometheus' text format.
    ///   - prices: The models' prices; without them, costs are not measured.
    ///   - sessions: The path of a file that gets a line of JSON for each session that ended.
    ///   - provider: The provider of the models: the value of `gen_ai_provider_name` in the metrics of OpenTelemetry's
    ///     conventions.
    ///   - interval: The interval at which the router's activity is measured.
    ///   - clock: The clock.
    public init(
        sinks: [any MetricsSink] = [], exporters: [any MetricsExporter] = [], prices: PriceTable? = nil,
        sessions: String? = nil, provider: String = "openai", interval: Duration = .seconds(15),
        clock: any RouterClock = .system
    ) {
        self.sinks = sinks + (exporters.isEmpty ? [] : [prometheus])
        self.exporters = exporters
        self.interval = interval
        self.clock = clock
        meters = SessionMeters(prices: prices, provider: provider, keepsTallies: sessions != nil)
        self.sessions = sessions.map { SessionRecords(path: $0, clock: clock) }
    }

    /// The derived events that are measured, and the few server events from which nothing is derived.
    public var interests: [EventType] {
        [
            .routerSessionEnded, .routerSessionExpiring, .routerTurnDone, .routerTurnStalled, .routerResponseDone,
            .routerResponseInterrupted,
            .routerFunctionCallDone, .routerErrorRaised, .sessionCreated, .sessionUpdated, .transcriptionSessionCreated,
            .transcriptionSessionUpdated, .conversationItemInputAudioTranscriptionCompleted,
            .conversationItemInputAudioTranscriptionFailed, .rateLimitsUpdated,
            .inputAudioBufferSpeechStarted, .inputAudioBufferSpeechStopped, .outputAudioBufferStarted,
            .outputAudioBufferStopped, .outputAudioBufferCleared,
        ]
    }

    /// The models' prices, for the `max_cost` of sources.
    public var pricing: (any SessionPricing)? { meters.prices }

    /// The records in the file of sessions.
    public var records: (any RecordKeeper)? { sessions?.lines }

    /// The metrics of all sessions so far.
    public var summary: HandlerSummary? { HandlerSummary(Figures(tally: meters.total)) }

    /// Adds a router's activity to what is measured.
    package func observe(_ activity: RouterActivity) { routers.add(activity) }

    /// Passes the counts to the file of sessions and the exporters.
    public func reportUnwritten(to records: UnwrittenRecords) {
        sessions?.reportUnwritten(to: records)
        for exporter in exporters { exporter.reportUnwritten(to: records) }
    }

    /// Opens the file of sessions, and starts the exporters.
    ///
    /// - Throws: `FileFailure` if the file cannot be written, and any error of an exporter.
    public func start() async throws { try await start(nil) }

    /// Starts as the successor of a running handler. The exporters take over ports from that handler's exporters.
    /// Metrics start from zero.
    ///
    /// - Throws: The errors of ``start()``.
    public func start(succeeding predecessor: any EventHandler) async throws {
        try await start(predecessor as? MetricsHandler)
    }

    private func start(_ predecessor: MetricsHandler?) async throws {
        try sessions?.open()
        if !sinks.isEmpty { routers.start(every: interval, clock, recordRouterActivity) }
        for (index, exporter) in exporters.enumerated() {
            let text = { @Sendable [self] in
                recordRouterActivity()
                return prometheus.text
            }
            do {
                // A handler has at most one exporter of each type.
                if let other = predecessor?.exporters.first(where: { type(of: $0) == type(of: exporter) }) {
                    try await exporter.start(succeeding: other, text)
                } else {
                    try await exporter.start(text)
                }
            } catch {
                for earlier in exporters[..<index].reversed() { await earlier.stop() }
                await routers.stop()
                sessions?.close()
                throw error
            }
        }
    }

    /// Measures the event.
    ///
    /// - Throws: `EventDecodingError` for an event whose body is not a JSON object, and `FileFailure` if the line of a
    ///   session that ended could not be written.
    public func handle(_ delivery: EventDelivery) async throws {
        let session = delivery.session.key
        // A retry must not measure the event again if only writing the line failed.
        if delivery.attempt == 1 || meters.endedSession(session) == nil {
            for measurement in try meters.measure(delivery.event, of: delivery.session) {
                for sink in sinks { sink.record(measurement) }
            }
        }
        guard let sessions, let ended = meters.endedSession(session) else { return }
        try sessions.write(ended, delivery)
        meters.remove(session)
    }

    /// Records the router's activity since the last call in the sinks.
    private func recordRouterActivity() {
        for measurement in routers.measurements() { for sink in sinks { sink.record(measurement) } }
    }

    /// Records the router's last activity, stops the exporters and closes the file of sessions.
    public func stop() async {
        await routers.stop()
        recordRouterActivity()
        for exporter in exporters.reversed() { await exporter.stop() }
        sessions?.close()
    }
}
