public import ArgumentParser
import RealtimeConnection
public import RealtimeRouter
public import RouterProgram

/// `proxy`: the router between clients and a Realtime server.
public struct ProxyCommand: ProgramCommand {
    /// What the command is called, and its help.
    public static let configuration = CommandConfiguration(
        commandName: "proxy",
        abstract: "Stands between agents and a Realtime server, and routes their sessions.",
        discussion: """
            Example: realtime-router proxy --listen 127.0.0.1:8080
            Example: realtime-router proxy --listen 127.0.0.1:8080 --upstream ws://127.0.0.1:9090

            An agent that connects to ws://127.0.0.1:8080/v1/realtime?model=… with its own key has the session that it would have \
            without: every message passes at once and unchanged, whatever rules and handlers do, and nothing is sent into the session. With \
            --mode act the functions of routes.yml are added to those of the agent, which never sees their calls. Other requests to \
            the server pass unread.

            At SIGTERM new clients are refused, and sessions go on until they end; a second signal closes them with 1012. More options \
            stand in a file, under sources of the type `proxy`: see `realtime-router schema`.
            """)

    @Option(
        help: ArgumentHelp("The address to listen on: an IP address and a port; port 0 for any.", valueName: "address"))
    var listen: ListenAddress

    @Option(
        name: .customLong("upstream"),
        help: ArgumentHelp(
            "The server: wss://HOST, or ws:// on this machine; several are tried in order. By default OpenAI.",
            valueName: "url"))
    var upstreams: [String] = []

    @OptionGroup var tls: ServerTLSOptions

    @Option(help: "What the router does in the sessions: observe, or act (it adds its functions and runs them).")
    var mode: ProxyOptions.Mode = .observe

    @Option(
        help: ArgumentHelp("A PEM file of authorities to trust, beside those of the machine.", valueName: "file"))
    var ca: String?

    @OptionGroup var options: RunOptions

    /// Makes the command; swift-argument-parser sets its options.
    public init() {}

    /// Checks what the parser cannot.
    ///
    /// - Throws: `ValidationError` with what is wrong with the call.
    public func validate() throws {
        for upstream in upstreams {
            guard let url = WebSocketURL(upstream) else {
                throw ValidationError("--upstream must be an address such as wss://api.openai.com")
            }
            if let fault = ProxyOptions.fault(ofUpstream: url) { throw ValidationError("--upstream: \(fault)") }
        }
    }

    /// Serves agents until a signal comes and their sessions have ended.
    ///
    /// - Parameter handlers: the program's handler types.
    /// - Throws: what ends the program with another exit code than 0.
    public func run(_ handlers: HandlerRegistry) async throws {
        var proxy = ProxyOptions(address: listen.address, port: listen.port)
        proxy.certificate = try tls.certificate()
        proxy.mode = mode
        let urls = upstreams.compactMap { WebSocketURL($0) }
        if !urls.isEmpty { proxy.upstreams = urls }
        if let ca { proxy.trust = .file(path: ca) }
        if let fault = proxy.fault { throw ProgramEnding.unusable(fault) }
        try await options.run(handlers) { _ in ProxySource(proxy) }
    }
}

extension ProxyOptions.Mode: ExpressibleByArgument {}
