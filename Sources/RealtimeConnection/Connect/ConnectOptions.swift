import EventRouter

/// A session that the router opens itself, or the sideband of a call: where it is, and how the connection is kept.
public struct ConnectOptions: Sendable {
    /// How a key is shown to the server.
    public enum Authorization: String, Sendable, CaseIterable {
        /// `Authorization: Bearer KEY`, as OpenAI has it.
        case bearer
        /// `api-key: KEY`, as Azure has it.
        case apiKey = "api-key"
        /// Not at all, for servers of one's own.
        case none
    }

    /// What kind of session it is.
    public enum Intent: String, Sendable, CaseIterable {
        /// Speech to text only.
        case transcription
        /// Speech to speech in another language.
        case translation
    }

    /// OpenAI's address.
    public static let openAI = WebSocketURL("wss://api.openai.com/v1/realtime")!
    /// The model where none is named.
    public static let defaultModel = "gpt-realtime-2.1"

    /// The variable of the environment that holds the key, where nothing else is said.
    public static let keyVariable = "OPENAI_API_KEY"

    /// The server; its path and query are kept.
    public var url = openAI
    /// The model, in the query; nil where the address, the call or the intent says it.
    public var model: String?
    /// The call that the sideband controls; nil for a session of our own.
    public var callID: String?
    /// What kind of session it is; nil for a conversation.
    public var intent: Intent?
    /// How the key is shown; nil for what the host's name suggests.
    public var authorization: Authorization?
    /// Gives the key, before each attempt to connect; nil or empty for none. What it throws ends the source.
    public var key: @Sendable () async throws -> String?
    /// Further fields of the request. With an `Authorization` or `api-key` among them the key is not shown.
    public var headers: [(name: String, value: String)] = []
    /// The authorities that may have signed the server's certificate.
    public var trust = TrustRoots.system
    /// The session's key; nil for the call's id, or `session`.
    public var sessionKey: String?
    /// How long no event may come: a session of our own ends then; a sideband attaches again, to see whether the call is still there.
    public var silence: Duration?
    /// Audio to send as the user's; nil for none.
    public var audio: AudioInput?
    /// How often a lost connection is made again.
    public var reconnect = ReconnectPolicy()
    /// The limits of a connection.
    public var limits = WebSocketLimits()
    /// What a variable of the environment holds: `HTTPS_PROXY` and `NO_PROXY`.
    public var variable: @Sendable (String) -> String? = HandlerSurroundings.environment

    /// A conversation with OpenAI.
    ///
    /// - Parameter key: gives the key before each attempt to connect; nil or empty for none. What it throws ends the source.
    public init(key: @escaping @Sendable () async throws -> String?) {
        self.key = key
    }

    /// The whole address: with the model, the call, or the intent.
    public var address: WebSocketURL {
        if let callID { return url.query("call_id") == nil ? url.adding("call_id", callID) : url }
        switch intent {
        case .transcription: return url.query("intent") == nil ? url.adding("intent", "transcription") : url
        case .translation:
            let base = url == Self.openAI ? WebSocketURL("wss://api.openai.com/v1/realtime/translations")! : url
            return withModel(base)
        case nil: return withModel(url)
        }
    }

    private func withModel(_ url: WebSocketURL) -> WebSocketURL {
        guard url.query("model") == nil, url.query("deployment") == nil else { return url }
        if let model { return url.adding("model", model) }
        return url.host == Self.openAI.host ? url.adding("model", Self.defaultModel) : url
    }

    /// The session's key: the user's, or the call's id, or `session`.
    var givenKey: String { sessionKey ?? callID ?? "session" }

    /// The options of a session that is configured: the configuration names the model, and what the session is for, where they do not.
    ///
    /// - Throws: ``ConnectFailure`` if the configuration, or the audio, does not go with a sideband.
    func configured(by session: SessionBlock?) throws -> ConnectOptions {
        var options = self
        if callID != nil {
            guard session?.json["audio"] == nil else {
                throw ConnectFailure(
                    address, "`audio` in `session` is not for a sideband: the call's own connection carries the audio")
            }
            guard audio == nil else {
                throw ConnectFailure(
                    address, "audio cannot be sent over a sideband: the call's own connection carries it")
            }
            return options
        }
        if model == nil { options.model = session?.model }
        if intent == nil { options.intent = (session?.type?.rawValue).flatMap(Intent.init) }
        return options
    }

    /// The fields that show the key.
    func credentials(_ key: String?) -> [(name: String, value: String)] {
        guard let key, !key.isEmpty else { return [] }
        // A field of the user's own counts.
        guard !headers.contains(where: { ["authorization", "api-key"].contains($0.name.lowercased()) }) else {
            return []
        }
        switch authorization ?? (url.host.hasSuffix(".azure.com") ? .apiKey : .bearer) {
        case .bearer: return [("authorization", "Bearer \(key)")]
        case .apiKey: return [("api-key", key)]
        case .none: return []
        }
    }
}

/// Why a session could not be opened, or not be kept.
public struct ConnectFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// The address, without its query, and the reason.
    public let description: String

    init(_ url: WebSocketURL, _ reason: String) {
        description = "\(url.shown): \(reason)"
    }
}
