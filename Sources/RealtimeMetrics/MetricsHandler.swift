public import EventRouter
public import RealtimeEvents
import Synchronization

/// Turns events into `Measurement`s and gives them to sinks, with what the router itself does.
///
/// ``MetricFamily/all`` lists what it measures. Times come from the recording or the connection; where it has none, they are not
/// measured. A label never has more than some fifty values in a metric; `other` stands for those beyond.
public struct MetricsHandler:
    RouterObserver, ServerEventHandling, SucceedingHandler, RecordKeeping, RecordWriter, Summarizing, PriceKeeping
{
    private let sinks: [any MetricsSink]
    private let exporters: [any MetricsExporter]
    private let text = PrometheusText()
    private let interval: Duration
    private let clock: any RouterClock
    private let book: SessionBook
    private let sessions: SessionRecords?
    private let watch = RouterWatch()

    /// Makes a handler; nothing is touched before ``start()``.
    ///
    /// - Parameters:
    ///   - sinks: where the measurements go, beside the handler's own summary.
    ///   - exporters: ways out for the figures as Prometheus' text.
    ///   - prices: what models charge; without it nothing is told of costs.
    ///   - sessions: a file that gets a line of JSON for each session that ended.
    ///   - provider: who serves the models: `gen_ai_provider_name` in what OpenTelemetry's conventions describe.
    ///   - interval: how often sinks are told what the router itself did.
    ///   - clock: the time to go by.
    public init(
        sinks: [any MetricsSink] = [], exporters: [any MetricsExporter] = [], prices: PriceTable? = nil,
        sessions: String? = nil, provider: String = "openai", interval: Duration = .seconds(15),
        clock: any RouterClock = .system
    ) {
        self.sinks = sinks + (exporters.isEmpty ? [] : [text])
        self.exporters = exporters
        self.interval = interval
        self.clock = clock
        book = SessionBook(prices: prices, provider: provider, keepsTallies: sessions != nil)
        self.sessions = sessions.map { SessionRecords(path: $0, clock: clock) }
    }

    /// The derived events that the figures are made of, and the few of the server that nothing is derived from.
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

    /// What models charge, for the `max_cost` of sources.
    public var pricing: (any SessionPricing)? { book.prices }

    /// The lines of the file of sessions.
    public var records: (any RecordKeeper)? { sessions?.lines }

    /// The figures of all sessions so far.
    public var summary: HandlerSummary? { HandlerSummary(Figures(tally: book.total)) }

    /// Takes what the router does, so that sinks hear of it.
    package func observe(_ activity: RouterActivity) { watch.add(activity) }

    /// Passes the counts on to the file of sessions and the exporters.
    public func reportUnwritten(to records: UnwrittenRecords) {
        sessions?.reportUnwritten(to: records)
        for exporter in exporters { exporter.reportUnwritten(to: records) }
    }

    /// Opens the file of sessions, and starts the exporters.
    ///
    /// - Throws: `FileFailure` when the file cannot be written, and what an exporter throws.
    public func start() async throws { try await start(nil) }

    /// Starts in the place of a handler that runs; its exporters take over ports from those of the other one. The figures begin anew.
    ///
    /// - Throws: as ``start()``.
    public func start(succeeding predecessor: any EventHandler) async throws {
        try await start(predecessor as? MetricsHandler)
    }

    private func start(_ predecessor: MetricsHandler?) async throws {
        try sessions?.open()
        if !sinks.isEmpty { watch.start(every: interval, clock, tellRouter) }
        for (index, exporter) in exporters.enumerated() {
            let figures = { @Sendable [self] in
                tellRouter()
                return text.text
            }
            do {
                // There is one of each kind.
                if let other = predecessor?.exporters.first(where: { type(of: $0) == type(of: exporter) }) {
                    try await exporter.start(succeeding: other, figures)
                } else {
                    try await exporter.start(figures)
                }
            } catch {
                for earlier in exporters[..<index].reversed() { await earlier.stop() }
                await watch.stop()
                sessions?.close()
                throw error
            }
        }
    }

    /// Measures the event.
    ///
    /// - Throws: `EventDecodingError` for an event whose body is no JSON object, and `FileFailure` when the line of a session that
    ///   ended could not be written.
    public func handle(_ delivery: EventDelivery) async throws {
        let session = delivery.session.key
        // When only the line could not be written, all is measured already.
        if delivery.attempt == 1 || book.ended(session) == nil {
            for measurement in try book.take(delivery.event, of: delivery.session) {
                for sink in sinks { sink.record(measurement) }
            }
        }
        guard let sessions, let ended = book.ended(session) else { return }
        try sessions.write(ended, delivery)
        book.close(session)
    }

    /// Tells sinks what the router did since they were last told.
    private func tellRouter() {
        for measurement in watch.measurements() { for sink in sinks { sink.record(measurement) } }
    }

    /// Tells sinks the last of the router, ends the exporters and closes the file of sessions.
    public func stop() async {
        await watch.stop()
        tellRouter()
        for exporter in exporters.reversed() { await exporter.stop() }
        sessions?.close()
    }
}
