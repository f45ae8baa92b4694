public import RealtimeEvents
public import RecordFiles

/// A destination for the utterances of a conversation.
///
/// ## Contract
/// The router calls `record(_:_:in:)` once for each final utterance (``UtteranceUpdate/done``), in the order of the
/// conversation, and again for later corrections (``UtteranceUpdate/revised``). A sink with ``partials`` also gets
/// unfinished utterances. Order, throwing and slowness are as in ``EventHandler``.
public protocol TranscriptSink: RecordWriter, Sendable {
    /// Whether the sink also gets unfinished utterances, as their words arrive. The default is false.
    var partials: Bool { get }

    /// Opens what the sink needs. Called once, before the first record.
    func start() async throws

    /// Records one utterance.
    ///
    /// - Throws: Any error if the record failed. The router retries it as the retry policy allows.
    func record(_ utterance: Utterance, _ update: UtteranceUpdate, in session: RouterSession) async throws

    /// Flushes and closes. Called once, after the last record.
    func stop() async
}

/// The state of a recorded utterance.
public enum UtteranceUpdate: Sendable, Hashable {
    /// The words so far of an unfinished utterance.
    case partial
    /// The final words; emitted in the order of the conversation.
    case done
    /// Final words that a later event has changed.
    case revised
}

extension TranscriptSink {
    /// False.
    public var partials: Bool { false }
    /// Nothing to open.
    public func start() async throws {}
    /// Nothing to close.
    public func stop() async {}
}

/// Utterances that a transcript contains only on request.
public enum TranscriptInclusion: String, Sendable, Hashable, CaseIterable {
    /// Out-of-band responses of the model, which go to the client but are not part of the conversation.
    case outOfBand = "out_of_band"
}

/// A ``TranscriptSink`` made from a closure.
public struct ClosureTranscriptSink: TranscriptSink {
    private let body: @Sendable (Utterance, UtteranceUpdate, RouterSession) async throws -> Void

    /// Creates a sink that calls `body` for each finished or revised utterance.
    public init(_ body: @escaping @Sendable (Utterance, UtteranceUpdate, RouterSession) async throws -> Void) {
        self.body = body
    }

    /// Calls the closure.
    public func record(_ utterance: Utterance, _ update: UtteranceUpdate, in session: RouterSession) async throws {
        try await body(utterance, update, session)
    }
}

/// The ``EventHandler`` that feeds a ``TranscriptSink``.
public struct TranscriptHandler: EventSelecting, RecordKeeping, RecordWriter {
    /// The sink that gets the utterances.
    public let sink: any TranscriptSink
    /// The utterances that the sink gets in addition to the conversation.
    public let inclusions: Set<TranscriptInclusion>

    /// Creates a handler for a sink.
    ///
    /// - Parameters:
    ///   - sink: The sink that gets the utterances.
    ///   - inclusions: The utterances that the sink gets in addition to the conversation; by default none.
    public init(_ sink: some TranscriptSink, including inclusions: Set<TranscriptInclusion> = []) {
        self.sink = sink
        self.inclusions = inclusions
    }

    /// Final and revised utterances, and unfinished ones if the sink takes ``TranscriptSink/partials``.
    public var interests: [EventType] {
        let final: [EventType] = [.routerUtteranceDone, .routerUtteranceRevised]
        return sink.partials ? [.routerUtteranceUpdated] + final : final
    }

    /// All utterance events.
    public var usableTypes: [EventType] {
        [.routerUtteranceUpdated, .routerUtteranceHeard, .routerUtteranceDone, .routerUtteranceRevised]
    }

    /// The sink's records, if they can be deleted.
    public var records: (any RecordKeeper)? { sink as? any RecordKeeper }

    /// Passes the counter on to the sink.
    public func reportUnwritten(to records: UnwrittenRecords) { sink.reportUnwritten(to: records) }

    /// Starts the sink.
    public func start() async throws { try await sink.start() }

    /// Records the utterance that the event carries.
    ///
    /// - Throws: ``DeliveryFailure`` for an event that is not an utterance, and any error of the sink.
    public func handle(_ delivery: EventDelivery) async throws {
        let update: UtteranceUpdate
        switch delivery.event.type.code {
        case .routerUtteranceUpdated:
            // A route may send unfinished utterances to a sink that does not take them: ignore these.
            guard sink.partials else { return }
            update = .partial
        case .routerUtteranceDone, .routerUtteranceHeard: update = .done
        case .routerUtteranceRevised: update = .revised
        default:
            throw DeliveryFailure.permanent(
                "a transcript takes router.utterance.* events, not `\(delivery.event.type.name)`")
        }
        let utterance = try delivery.event.decode(Utterance.self)
        if utterance.outOfBand == true, !inclusions.contains(.outOfBand) { return }
        try await sink.record(utterance, update, in: delivery.session)
    }

    /// Stops the sink.
    public func stop() async { await sink.stop() }
}

extension EventHandler where Self == TranscriptHandler {
    /// Creates a handler that feeds a transcript sink.
    public static func transcript(to sink: some TranscriptSink) -> TranscriptHandler { TranscriptHandler(sink) }
}
