import ConfigSource
import EventJSON
import EventRouter
import HTTPService

/// The option keys of a source of type `proxy`.
enum ProxyOptionKeys {
    static let listen = SectionKey.string(
        "listen", "The address to listen on, such as `127.0.0.1:8080`; port 0 for any free port."
    ).required("write `listen: 127.0.0.1:8080`")
    static let reusePort = SectionKey.bool(
        "reuse_port",
        "Whether another process of the same user may listen on the same port, such as a new version before the old one ends."
    ).defaulting(to: false)
    static let upstream = SectionKey.stringOrList(
        "upstream",
        "The server: `wss://HOST`, or `ws://` on this machine. Several servers are tried in order. The default is OpenAI."
    )
    static let mode = SectionKey<ProxyOptions.Mode?>.choice(
        "mode",
        "What the router does in the sessions: `observe` sends nothing; `act` adds its functions, runs them, and hides their calls from the client."
    ).defaulting(to: .observe)
    static let tls = SectionKey.section(
        "tls", TLSOptionKeys.form, "The certificate for `wss://`. Without it, clients connect with `ws://`.")
    static let trustedNetwork = SectionKey.bool(
        "trusted_network",
        "Whether only a TLS-terminating load balancer can reach the address, so that it needs no certificate."
    ).defaulting(to: false)
    static let ensure = SectionKey.node(
        "ensure", .mapping(of: .anything, atLeast: 1),
        "Settings that each session must have, as in `session.update`. The router sends those that a session lacks."
    )
    static let keyFrom = SectionKey.section(
        "session_key_from", RequestFieldOptionKeys.form,
        "The field of the client's handshake that contains the session's key.")
    static let labelsFrom = SectionKey.entries(
        "labels_from", of: .section(LabelOptionKeys.form),
        "The labels of a session, each with the field that contains its value: `{tenant: {header: X-Tenant}}`.")
    static let origins = SectionKey.stringList(
        "origins", "The allowed values of `Origin`, which browsers send; others are refused.")
    static let hosts = SectionKey.stringList(
        "hosts",
        "The host names that clients may use, in addition to IP addresses, `localhost` and the certificate's names."
    )
    static let ca = SectionKey.string(
        "ca", "A PEM file with certificate authorities to trust, in addition to those of the machine.")
    static let maximumSessions = SectionKey.int(
        "max_sessions", in: 1...100_000,
        "The maximum number of concurrent sessions; further clients get a 503 response."
    ).defaulting(to: 1000)
    static let maximumMessage = SectionKey.byteSize(
        "max_message", in: 1024...(1 << 30),
        "The largest allowed message; a larger one closes the session with 1009."
    ).defaulting(to: WebSocketLimits().maximumMessageBytes)
    static let linger = SectionKey.duration(
        "linger", in: .zero ... .seconds(60),
        "How long the server's connection stays open after the client's has ended, while transcripts are outstanding."
    ).defaulting(to: .seconds(3))
    static let ping = SectionKey.duration(
        "ping", in: .seconds(1) ... .seconds(600),
        "How long a client or server may be silent before it gets a ping. After two such intervals it counts as dead."
    ).defaulting(to: WebSocketLimits().pingInterval)

    static let health = SectionKey.string(
        "health",
        "An address for `/healthz` and `/readyz`, in addition to that of a metrics handler, which serves them too.")

    static let all: [any DeclaredKey] = [
        listen, reusePort, upstream, mode, tls, trustedNetwork, ensure, keyFrom, labelsFrom, origins, hosts,
        APIKeyOptionKeys.apiKey,
        APIKeyOptionKeys.authorization, APIKeyOptionKeys.clients, ca, maximumSessions, maximumMessage, linger, ping,
        health,
    ]

    /// Reads the options. Returns nil after reporting errors.
    static func read(_ options: inout SourceOptions) -> ProxyOptions? {
        let problems = options.diagnostics.items.count
        let address = address(&options)
        // A wrong address does not stop the reading, so that all errors are reported together.
        var proxy = ProxyOptions(address: address?.address ?? .loopback, port: address?.port ?? 0)
        proxy.name = options.name
        proxy.sharesPort = options.read(reusePort)
        proxy.upstreams = upstreams(&options)
        proxy.mode = options.read(mode)
        proxy.certificate = certificate(&options)
        proxy.isNetworkTrusted = options.read(trustedNetwork)
        proxy.ensure = ensured(&options)
        proxy.sessionKey = options.read(keyFrom).flatMap { RequestFieldOptionKeys.read($0, options.diagnostics) }
        proxy.labels = LabelOptionKeys.read(options.read(labelsFrom) ?? [], options.diagnostics)
        proxy.origins = Set(options.read(origins) ?? [])
        proxy.hosts = Set(options.read(hosts) ?? [])
        proxy.ownKey = APIKeyOptionKeys.read(&options)
        if let path = options.inputPath(ca) { proxy.trust = .file(path: path) }
        proxy.maximumSessions = options.read(maximumSessions)
        proxy.limits.maximumMessageBytes = options.read(maximumMessage)
        proxy.linger = options.read(linger)
        proxy.limits.pingInterval = options.read(ping)
        proxy.health = healthAddress(&options)
        proxy.variable = options.context.variable
        if let fault = proxy.listenFault { options.section.error(fault.message, at: listen.name, help: fault.help) }
        return address != nil && options.diagnostics.items.count == problems ? proxy : nil
    }

    private static func address(_ options: inout SourceOptions) -> ListenAddress? {
        guard let text = options.read(listen) else { return nil }
        if let address = ListenAddress(text) { return address }
        options.section.error(
            "`listen` must be an address and a port such as `127.0.0.1:8080`, and this is `\(text)`", at: listen.name)
        return nil
    }

    private static func healthAddress(_ options: inout SourceOptions) -> ListenAddress? {
        guard let text = options.read(health) else { return nil }
        if let address = ListenAddress(text) { return address }
        options.section.error(
            "`health` must be an address and a port such as `127.0.0.1:8081`, and this is `\(text)`", at: health.name)
        return nil
    }

    private static func upstreams(_ options: inout SourceOptions) -> [WebSocketURL] {
        guard let texts = options.read(upstream) else { return [ConnectOptions.openAI] }
        guard !texts.isEmpty, let value = options.section.entry(upstream.name)?.value else {
            options.section.error("`upstream` is empty", at: upstream.name, help: "remove it, or name a server")
            return []
        }
        return zip(texts, value.list ?? [value]).compactMap { text, node in
            guard let url = WebSocketURL(text) else {
                options.diagnostics.error(
                    "`upstream` must be an address such as `wss://api.openai.com`, and this is `\(text)`", at: node)
                return nil
            }
            if let fault = ProxyOptions.fault(ofUpstream: url) { options.diagnostics.error(fault, at: node) }
            return url
        }
    }

    private static func certificate(_ options: inout SourceOptions) -> ServerCertificate? {
        guard var section = options.read(tls) else { return nil }
        defer { section.finish() }
        guard let certificate = section.read(TLSOptionKeys.certificate), let key = section.read(TLSOptionKeys.key)
        else {
            return nil
        }
        return ServerCertificate(
            certificatePath: options.inputPath(certificate), keyPath: options.inputPath(key))
    }

    private static func ensured(_ options: inout SourceOptions) -> SessionSettings? {
        guard options.read(ensure) != nil, let entry = options.section.entry(ensure.name) else { return nil }
        guard let json = JSONValue(entry.value).object else {
            options.section.error(
                "`ensure` must be a mapping, and this is \(entry.value.kindDescription)", at: ensure.name)
            return nil
        }
        return SessionSettings(json, key: entry.key, value: entry.value) { $0 }
    }
}

/// The option keys of `tls`.
enum TLSOptionKeys {
    static let certificate = SectionKey.string(
        "certificate", "The PEM file with the certificate, followed by the intermediate certificates."
    ).required()
    static let key = SectionKey.string("key", "The PEM file of its private key, without a passphrase.").required()
    static let form = SectionForm([certificate, key])
}

/// The option keys of `session_key_from`, of which exactly one must be given.
enum RequestFieldOptionKeys {
    static let header = SectionKey.string("header", "The name of a header field of the handshake.")
    static let query = SectionKey.string("query", "The name of a query item of the URL.")
    static let path = SectionKey.int(
        "path", in: -20...20, "The index of a path segment of the URL, from 0; a negative index counts from the end.")
    static let all: [any DeclaredKey] = [header, query, path]
    static let form = SectionForm(all, alternatives: all.map(\.form.name))

    static func read(_ section: Section, _ diagnostics: Diagnostics) -> RequestField? {
        var section = section
        defer { section.finish() }
        guard form.alternatives.filter({ section.has($0) }).count == 1 else {
            section.know(form.alternatives)
            diagnostics.error(
                "\(section.what) needs one of `header`, `query` and `path`", at: section.node,
                help: "write `{header: X-Call-Id}`")
            return nil
        }
        return read(&section)
    }

    static func read(_ section: inout Section) -> RequestField? {
        let field: RequestField
        if let name = section.read(header) {
            field = .header(name.lowercased())
        } else if let name = section.read(query) {
            field = .query(name)
        } else if let index = section.read(path) {
            field = .path(index)
        } else {
            return nil
        }
        guard field.isPublic else {
            section.error(
                "this field contains a secret, which would be written to records",
                at: section.has(header.name) ? header.name : query.name,
                help: "use another field, such as a custom one: `header: X-Call-Id`")
            return nil
        }
        return field
    }
}

/// The option keys of a label in `labels_from`, of which exactly one must be given.
enum LabelOptionKeys {
    static let session = SectionKey.string(
        "session",
        "The path of a member of `session` in the client's first `session.update`, such as `tracing.group_id`.")
    static let form = SectionForm(
        RequestFieldOptionKeys.all + [session],
        alternatives: RequestFieldOptionKeys.all.map(\.form.name) + [session.name])

    static func read(_ entries: [Node.Entry], _ diagnostics: Diagnostics) -> [ClientLabel] {
        entries.compactMap { entry in
            guard var section = Section(entry.value, what: "the label \(quoted(entry.name))", form, diagnostics) else {
                return nil
            }
            defer { section.finish() }
            let given = form.alternatives.filter { section.has($0) }
            guard given.count == 1 else {
                diagnostics.error(
                    "the label \(quoted(entry.name)) needs one of `header`, `query`, `path` and `session`",
                    at: entry.value, help: "write `{header: X-Tenant}`")
                return nil
            }
            if let path = section.read(session) {
                return ClientLabel(entry.name, .session(path.split(separator: ".").map(String.init)))
            }
            return RequestFieldOptionKeys.read(&section).map { ClientLabel(entry.name, .request($0)) }
        }
    }
}
