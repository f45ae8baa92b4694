import EventRouter

/// The options of a session that the router opens itself, or of the sideband of a call.
public struct ConnectOptions: Sendable {
    /// How the API key is sent to the server.
    public enum Authorization: String, Sendable, CaseIterable {
        /// `Authorization: Bearer KEY`, as OpenAI requires.
        case bearer
        /// `api-key: KEY`, as Azure requires.
        case apiKey = "api-key"
        /// No key is sent, for self-hosted servers.
        case none
    }

    /// The kind of session.
    public enum Intent: String, Sendable, CaseIterable {
        /// Transcription only.
        case transcription
        /// Spoken translation into another language.
        case translation
    }

    /// OpenAI's address.
    public static let openAI = WebSocketURL("wss://api.openai.com/v1/realtime")!
    /// The model for OpenAI if none is named.
    public static let defaultModel = "gpt-realtime-2.1"

    /// The environment variable that holds the key by default.
    public static let keyVariable = "OPENAI_API_KEY"

    /// The server; its path and query are kept.
    public var url = openAI
    /// The model, which is added to the query; nil if the address, the call or the intent determines it.
    public var model: String?
    /// The call that the sideband controls; nil for a session that the router opens.
    public var callID: String?
    /// The kind of session; nil for a conversation.
    public var intent: Intent?
    /// How the key is sent; nil to choose by the host name: `api-key` for Azure, otherwise `bearer`.
    public var authorization: Authorization?
    /// Returns the API key before each connection attempt; nil or empty for no key. If it throws, the source fails with that error.
    public var key: @Sendable () async throws -> String?
    /// Additional header fields of the request. If they include `Authorization` or `api-key`, ``key`` is not sent.
    public var headers: [(name: String, value: String)] = []
    /// The certificate authorities to trust.
    public var trust = TrustRoots.system
    /// The session's key in records; nil for the call's id, or else `session`.
    public var sessionKey: String?
    /// The longest time without an event from the server; nil for no limit. After that, a session that the router opened ends. A sideband
    /// reconnects, to see whether the call still exists.
    public var silence: Duration?
    /// User audio to send; nil if there is none.
    public var audio: AudioInput?
    /// How often, and after which delays, a lost connection is reopened.
    public var reconnect = ReconnectPolicy()
    /// The limits of a connection.
    public var limits = WebSocketLimits()
    /// Returns the value of an environment variable; used for `HTTPS_PROXY` and `NO_PROXY`.
    public var variable: @Sendable (String) -> String? = HandlerContext.environment

    /// The options of a conversation with OpenAI.
    ///
    /// - Parameter key: returns the API key before each connection attempt; nil or empty for no key. If it throws, the source fails with
    ///   that error.
    public init(key: @escaping @Sendable () async throws -> String?) {
        self.key = key
    }

    /// The complete address, including the model, the call or the intent.
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

    /// The session's key: ``sessionKey``, or the call's id, or `session`.
    var givenKey: String { sessionKey ?? callID ?? "session" }

    /// A copy of these options that takes the model and the intent from the session configuration, if the options do not set them.
    ///
    /// - Throws: ``ConnectFailure`` if the configuration or the audio cannot be used with a sideband.
    func configured(by session: SessionSettings?) throws -> ConnectOptions {
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

    /// The header fields that send the key.
    func credentials(_ key: String?) -> [(name: String, value: String)] {
        guard let key, !key.isEmpty else { return [] }
        // The user's own header field takes precedence.
        guard !hasCredentialHeader else { return [] }
        switch authorization ?? (url.host.hasSuffix(".azure.com") ? .apiKey : .bearer) {
        case .bearer: return [("authorization", "Bearer \(key)")]
        case .apiKey: return [("api-key", key)]
        case .none: return []
        }
    }

    /// Whether ``headers`` has a key.
    var hasCredentialHeader: Bool {
        headers.contains { ["authorization", "api-key"].contains($0.name.lowercased()) }
    }
}

/// Why a session could not be opened, or was lost.
public struct ConnectFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// The address, without its query, and the reason.
    public let description: String

    init(_ url: WebSocketURL, _ reason: String) {
        description = "\(url.shown): \(reason)"
    }
}
