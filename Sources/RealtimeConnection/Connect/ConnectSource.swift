public import EventRouter
import Logging
import RealtimeEvents

/// A source with one session: a Realtime session that the router opens itself, or the sideband of a call that somebody else holds.
///
/// A lost connection is made again, and the session goes on with it. A session of our own is a new one for the server then: an output for
/// a call of the old one is not sent, and is reported. What cannot be mended (the key, the quota, the model) ends the source with the
/// server's words.
public struct ConnectSource: SessionSource, CheckedSource {
    /// The server's address, without the query.
    public var name: String { options.address.shown }
    /// It is going on.
    public var isLive: Bool { true }

    private let options: ConnectOptions

    /// Makes a source; nothing is opened before it runs.
    ///
    /// - Parameter options: where the session is, and how its connection is kept.
    public init(_ options: ConnectOptions) {
        self.options = options
    }

    package var readsStandardInput: Bool { options.audio?.origin == .standardInput }
    package var onlySessionKey: String? { options.givenKey }

    package func problem(with session: SessionBlock) -> SourceProblem? {
        if options.callID != nil {
            guard session.json["audio"] != nil else { return nil }
            return SourceProblem(
                .error, key: "audio", "is the sideband of a call, whose own connection carries the audio",
                help: "remove `audio`, or put the source into a file of its own")
        }
        guard let model = session.model, let (item, value) = options.modelOfURL, value != model else { return nil }
        return SourceProblem(
            .warning, key: "model", "has `\(item)=\(value)` in its `url`, which counts, and not this model",
            help: "keep one of them")
    }

    /// Holds the session until it ends.
    ///
    /// - Parameter context: the router that routes the session.
    /// - Throws: ``ConnectFailure`` with the reason why it could not be opened, or not be kept.
    public func run(_ context: SourceContext) async throws {
        let options = try options.configured(by: context.session)
        let threads = ConnectionThreads()
        do {
            let client = WebSocketClient(
                threads: threads, trust: options.trust, proxy: try OutboundProxy(variable: options.variable),
                limits: options.limits)
            try await ReconnectingSession(options, client, context).run()
            await threads.end()
        } catch {
            await threads.end()
            throw error
        }
    }
}
