import ConfigSource
import EventJSON
import EventRouter
import HTTPService

/// The option keys of a source of type `proxy`.
enum ProxyOptionKeys {
    static let listen = SectionKey.string(
        "listen", "The address to listen on, such as `127.0.0.1:8080`; port 0 for any that is free."
    ).required("write `listen: 127.0.0.1:8080`")
    static let reusePort = SectionKey.bool(
        "reuse_port",
        "Whether another process of the same user may listen on the port too, so that a new version starts before the old one ends."
    ).defaulting(to: false)
    static let upstream = SectionKey.stringOrList(
        "upstream",
        "The server: `wss://HOST`, or `ws://` on this machine. Several are tried in order. By default OpenAI.")
    static let mode = SectionKey<ProxyOptions.Mode?>.choice(
        "mode",
        "What the router does in the sessions: `observe` sends nothing; `act` adds its functions, runs them, and keeps their calls from the client."
    ).defaulting(to: .observe)
    static let tls = SectionKey.section(
        "tls", TLSOptionKeys.form, "For `wss://`: the certificate. Without it clients come by `ws://`.")
    static let trustedNetwork = SectionKey.bool(
        "trusted_network",
        "Whether only a terminator of TLS can reach an address beyond this machine, so that it needs no certificate."
    ).defaulting(to: false)
    static let ensure = SectionKey.node(
        "ensure", .mapping(of: .anything, atLeast: 1),
        "Settings that every session is to have, as the `session` of a `session.update`: those that it lacks are sent.")
    static let keyFrom = SectionKey.section(
        "session_key_from", RequestFieldOptionKeys.form, "Where the key of a session stands in the client's handshake.")
    static let labelsFrom = SectionKey.entries(
        "labels_from", of: .section(LabelOptionKeys.form),
        "Labels of a session by their names, and where they stand: `{tenant: {header: X-Tenant}}`.")
    static let origins = SectionKey.stringList(
        "origins", "The values of `Origin` that browsers may send; others are refused.")
    static let hosts = SectionKey.stringList(
        "hosts",
        "The names by which clients may call the proxy, beside addresses, `localhost` and those of the certificate."
    )
    static let ca = SectionKey.string(
        "ca", "A PEM file with the certificates of authorities to trust, beside those of the machine.")
    static let maximumSessions = SectionKey.int(
        "max_sessions", in: 1...100_000, "The most sessions at a time; further clients are answered 503."
    ).defaulting(to: 1000)
    static let maximumMessage = SectionKey.byteSize(
        "max_message", in: 1024...(1 << 30),
        "The largest message that passes; a larger one closes the session with 1009."
    ).defaulting(to: WebSocketLimits().maximumMessageBytes)
    static let linger = SectionKey.duration(
        "linger", in: .zero ... .seconds(60),
        "How long the server's side stays open behind the client's end while words are to come."
    ).defaulting(to: .seconds(3))
    static let ping = SectionKey.duration(
        "ping", in: .seconds(1) ... .seconds(600),
        "How long a side may be silent before it gets a ping; after two of these it is taken for dead."
    ).defaulting(to: WebSocketLimits().pingInterval)

    static let health = SectionKey.string(
        "health",
        "An address of its own for `/healthz` and `/readyz`, beside that of a metrics handler, which has them too.")

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
        proxy.variable = options.surroundings.variable
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

    private static func ensured(_ options: inout SourceOptions) -> SessionBlock? {
        guard options.read(ensure) != nil, let entry = options.section.entry(ensure.name) else { return nil }
        guard let json = JSONValue(entry.value).object else {
            options.section.error(
                "`ensure` must be a mapping, and this is \(entry.value.kindDescription)", at: ensure.name)
            return nil
        }
        return SessionBlock(json, key: entry.key, value: entry.value) { $0 }
    }
}

/// The option keys of `tls`.
enum TLSOptionKeys {
    static let certificate = SectionKey.string(
        "certificate", "The PEM file of the certificate, followed by those of its signers."
    ).required()
    static let key = SectionKey.string("key", "The PEM file of its private key, without a passphrase.").required()
    static let form = SectionForm([certificate, key])
}

/// The option keys of `session_key_from`, of which exactly one must be given.
enum RequestFieldOptionKeys {
    static let header = SectionKey.string("header", "A field of the handshake's header.")
    static let query = SectionKey.string("query", "An item of the address's query.")
    static let path = SectionKey.int(
        "path", in: -20...20, "A part of the address's path, from 0; below 0 counted from the end.")
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
                "what this field holds is a secret, and would be written down", at: header.name,
                help: "take another field, such as one of your own: `header: X-Call-Id`")
            return nil
        }
        return field
    }
}

/// The option keys of a label in `labels_from`, of which exactly one must be given.
enum LabelOptionKeys {
    static let session = SectionKey.string(
        "session",
        "A path of names in the `session` of the client's first `session.update`, such as `tracing.group_id`.")
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
