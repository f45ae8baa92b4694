public import EventRouter
import Logging
import RealtimeEvents

/// A source with one session: a Realtime session that the router opens itself, or the sideband of a call that another client opened.
///
/// The source reopens a lost connection and continues the session on it. For the server, a session that the router opened is then a new
/// session: the router does not send function outputs for calls of the old session, and reports them. Permanent errors (the key, the
/// quota, the model) end the source with the server's message.
public struct ConnectSource: SessionSource, CheckedSource {
    /// The server's address, without the query.
    public var name: String { options.address.shown }
    /// Always true.
    public var isLive: Bool { true }

    private let options: ConnectOptions

    /// Creates a source, which opens nothing before it runs.
    ///
    /// - Parameter options: the server and how to connect to it.
    public init(_ options: ConnectOptions) {
        self.options = options
    }

    package var readsStandardInput: Bool { options.audio?.origin == .standardInput }
    package var onlySessionKey: String? { options.givenKey }

    package func problem(with session: SessionSettings) -> SourceProblem? {
        if options.callID != nil {
            guard session.json["audio"] != nil else { return nil }
            return SourceProblem(
                .error, key: "audio", "is the sideband of a call, whose own connection carries the audio",
                help: "remove `audio`, or put the source into a file of its own")
        }
        guard let model = session.model, let (item, value) = options.modelOfURL, value != model else { return nil }
        return SourceProblem(
            .warning, key: "model", "has `\(item)=\(value)` in its `url`, which takes precedence over this model",
            help: "keep one of them")
    }

    /// Runs the session until it ends.
    ///
    /// - Parameter context: the router that routes the session.
    /// - Throws: ``ConnectFailure`` if the session could not be opened, or was lost.
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
