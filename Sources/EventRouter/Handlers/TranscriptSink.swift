public import RealtimeEvents
public import RecordFiles

/// A place where the words of a conversation go.
///
/// ## Contract
/// `record(_:_:in:)` is called once for each utterance that is final (``UtteranceUpdate/done``), in the order of the
/// conversation, and again for a later correction (``UtteranceUpdate/revised``). A sink that asks for ``partials``
/// also gets live words. Order, throwing and slowness are as in ``EventHandler``.
public protocol TranscriptSink: RecordWriter, Sendable {
    /// Whether the sink also wants words while they arrive. The default is no.
    var partials: Bool { get }

    /// Opens what the sink needs; once, before the first record.
    func start() async throws

    /// Takes one utterance.
    ///
    /// - Throws: any error to say that the record failed; it is tried again as the retry policy says.
    func record(_ utterance: Utterance, _ update: UtteranceUpdate, in session: RouterSession) async throws

    /// Flushes and closes; once, after the last record.
    func stop() async
}

/// What an utterance's record stands for.
public enum UtteranceUpdate: Sendable, Hashable {
    /// Words so far, of an utterance that goes on.
    case partial
    /// The final words, in the order of the conversation.
    case done
    /// Final words that something later has changed.
    case revised
}

extension TranscriptSink {
    /// Only finished utterances.
    public var partials: Bool { false }
    /// Nothing to open.
    public func start() async throws {}
    /// Nothing to close.
    public func stop() async {}
}

/// Words that a transcript has only if it is asked to.
public enum TranscriptInclusion: String, Sendable, Hashable, CaseIterable {
    /// What the model says out of band: for the client, and nobody hears it.
    case outOfBand = "out_of_band"
}

/// A ``TranscriptSink`` made of a closure.
public struct ClosureTranscriptSink: TranscriptSink {
    private let body: @Sendable (Utterance, UtteranceUpdate, RouterSession) async throws -> Void

    /// Makes a sink that calls `body` for each finished or revised utterance.
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
    /// Where the utterances go.
    public let sink: any TranscriptSink
    /// What the sink gets beside the conversation.
    public let inclusions: Set<TranscriptInclusion>

    /// Makes a handler for a sink.
    ///
    /// - Parameters:
    ///   - sink: Where the utterances go.
    ///   - inclusions: What the sink gets beside the conversation; nothing by default.
    public init(_ sink: some TranscriptSink, including inclusions: Set<TranscriptInclusion> = []) {
        self.sink = sink
        self.inclusions = inclusions
    }

    /// Finished and revised utterances, and live words where the sink wants them.
    public var interests: [EventType] {
        let final: [EventType] = [.routerUtteranceDone, .routerUtteranceRevised]
        return sink.partials ? [.routerUtteranceUpdated] + final : final
    }

    /// Utterances.
    public var usableTypes: [EventType] {
        [.routerUtteranceUpdated, .routerUtteranceHeard, .routerUtteranceDone, .routerUtteranceRevised]
    }

    /// What the sink keeps, where it can be told to forget.
    public var records: (any RecordKeeper)? { sink as? any RecordKeeper }

    /// Passes the counts on to the sink.
    public func reportUnwritten(to records: UnwrittenRecords) { sink.reportUnwritten(to: records) }

    /// Starts the sink.
    public func start() async throws { try await sink.start() }

    /// Records the utterance that the event carries.
    ///
    /// - Throws: ``DeliveryFailure`` for an event that is no utterance, and what the sink throws.
    public func handle(_ delivery: EventDelivery) async throws {
        let update: UtteranceUpdate
        switch delivery.event.type.code {
        case .routerUtteranceUpdated:
            // A route may well send live words here; they are not for a sink that keeps what is final.
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
    /// A handler that feeds a transcript sink, for the call site.
    public static func transcript(to sink: some TranscriptSink) -> TranscriptHandler { TranscriptHandler(sink) }
}
