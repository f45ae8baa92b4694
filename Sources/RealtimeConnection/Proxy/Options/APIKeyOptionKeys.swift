import ConfigSource
import EventRouter

/// The option keys for the router's own API key, which replaces the clients' credentials.
enum APIKeyOptionKeys {
    static let apiKey = SectionKey.string(
        "api_key",
        "The router's own API key, as a variable: `${NAME}`. Clients then send tokens of their own: see `clients`.")
    static let authorization = SectionKey<Authorization?>.choice(
        "authorization",
        "How the key is sent: `bearer` in the header `Authorization`, or `api-key` in the header `api-key`."
    ).defaulting(to: .bearer).only(with: apiKey.name)
    static let clients = SectionKey.list(
        "clients", of: .section(ClientOptionKeys.form), atLeast: 1,
        "The clients that may use `api_key`, each with its token."
    ).only(with: apiKey.name)

    enum Authorization: String, Sendable, CaseIterable {
        case bearer
        case apiKey = "api-key"
    }

    static func read(_ options: inout SourceOptions) -> OwnKey? {
        let key = options.read(apiKey)
        let authorization = options.read(authorization)
        let nodes = options.read(clients)
        guard let key else {
            for name in [Self.authorization.name, Self.clients.name] where options.section.has(name) {
                options.section.error(
                    "`\(name)` means nothing without `api_key`: clients show the server keys of their own", at: name,
                    help: "write `api_key: ${NAME}`, or remove `\(name)`")
            }
            return nil
        }
        guard !key.isEmpty else {
            options.section.error("`api_key` is empty", at: apiKey.name)
            return nil
        }
        let clients = (nodes ?? []).compactMap { ClientOptionKeys.read($0, options.diagnostics) }
        guard !clients.isEmpty else {
            if nodes?.isEmpty ?? true {
                options.section.error(
                    "`api_key` without `clients` would serve anybody", at: apiKey.name,
                    help:
                        "name the clients: `clients: [{name: web, token_sha256: …}]`, as `printf %s TOKEN | sha256sum` prints it"
                )
            }
            return nil
        }
        return OwnKey(key, authorization: authorization == .apiKey ? .apiKey : .bearer, clients: clients)
    }
}

/// The option keys of a client.
enum ClientOptionKeys {
    static let name = SectionKey.string("name", "The client's name, for logs and metrics.").required()
    static let token = SectionKey.string(
        "token_sha256", "The SHA-256 of the client's token, as `printf %s TOKEN | sha256sum` prints it."
    ).required()
    static let models = SectionKey.stringList("models", "The models that the client may use; any by default.")
    static let allow = SectionKey.stringList(
        "allow", "The event types that the client may send; any by default. Another type closes the session with 1008.")
    static let maximumSessions = SectionKey.int(
        "max_sessions", in: 1...100_000, "The maximum number of concurrent sessions; further ones get a 429 response.")
    static let maximumDuration = SectionKey.duration(
        "max_duration", in: .seconds(1) ... .seconds(7 * 24 * 3600),
        "The maximum duration of a session, which is then closed with 1008.")
    static let maximumCost = SectionKey.node(
        "max_cost", .number,
        "The maximum cost of a session in US dollars, by the `prices` of a `metrics` handler. The session is then closed with 1008."
    )
    static let form = SectionForm([name, token, models, allow, maximumSessions, maximumDuration, maximumCost])

    static func read(_ node: Node, _ diagnostics: Diagnostics) -> ProxyClient? {
        guard var section = Section(node, what: "a client", form, diagnostics) else { return nil }
        defer { section.finish() }
        let models = section.read(models)
        let allow = section.read(allow)
        let maximumSessions = section.read(maximumSessions)
        let maximumDuration = section.read(maximumDuration)
        _ = section.read(maximumCost)
        let maximumCost = section.double(maximumCost.name, in: 0.000_1...1_000_000)
        guard let name = section.read(name), let token = section.read(token) else { return nil }
        guard var client = ProxyClient(name: name, tokenSHA256: token) else {
            section.error(
                "`token_sha256` must be 64 hexadecimal digits", at: Self.token.name,
                help: "`printf %s TOKEN | sha256sum` prints them")
            return nil
        }
        client.models = models.map(Set.init)
        client.allowedTypes = allow.map(Set.init)
        client.maximumSessions = maximumSessions
        client.maximumDuration = maximumDuration
        client.maximumCost = maximumCost
        return client
    }
}
