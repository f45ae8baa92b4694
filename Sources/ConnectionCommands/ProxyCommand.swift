public import ArgumentParser
import RealtimeConnection
public import RealtimeRouter
public import RouterProgram

/// `proxy`: relays the sessions between clients and a Realtime server, and routes them.
public struct ProxyCommand: ProgramCommand {
    /// The command's name and help.
    public static let configuration = CommandConfiguration(
        commandName: "proxy",
        abstract: "Relays sessions between agents and a Realtime server, and routes their events.",
        discussion: """
            Example: realtime-router proxy --listen 127.0.0.1:8080
            Example: realtime-router proxy --listen 127.0.0.1:8080 --upstream ws://127.0.0.1:9090

            Agents connect to ws://127.0.0.1:8080/v1/realtime?model=… with their own API key. The proxy passes every message on \
            immediately and unchanged, whatever rules and handlers do, and adds none of its own (unless `ensure` in a file asks for it). With --mode act, it adds the functions \
            of routes.yml to the agent's functions, and runs their calls without showing them to the agent. The proxy passes other \
            HTTP requests to the server without reading them.

            After SIGTERM, the proxy refuses new clients and running sessions continue until they end; a second signal closes them with \
            code 1012. In routes.yml, sources of the type `proxy` have more options: see `realtime-router schema`.
            """)

    @Option(
        help: ArgumentHelp(
            "The address to listen on: an IP address and a port; port 0 for any free port.", valueName: "address"))
    var listen: ListenAddress

    @Option(
        name: .customLong("upstream"),
        help: ArgumentHelp(
            "The server: wss://HOST, or ws:// on this machine. May be repeated; the servers are tried in order. By default, OpenAI.",
            valueName: "url"))
    var upstreams: [String] = []

    @OptionGroup var tls: ServerTLSOptions

    @Option(help: "observe: only route the events. act: also add the functions of routes.yml and run their calls.")
    var mode: ProxyOptions.Mode = .observe

    @Option(
        help: ArgumentHelp(
            "A PEM file of certificate authorities to trust, in addition to the system's.", valueName: "file"))
    var ca: String?

    @OptionGroup var options: RunOptions

    /// Creates the command; swift-argument-parser sets its options.
    public init() {}

    /// Checks the addresses of the servers.
    ///
    /// - Throws: `ValidationError` with what is wrong.
    public func validate() throws {
        for upstream in upstreams {
            guard let url = WebSocketURL(upstream) else {
                throw ValidationError("--upstream must be an address such as wss://api.openai.com")
            }
            if let fault = ProxyOptions.fault(ofUpstream: url) { throw ValidationError("--upstream: \(fault)") }
        }
    }

    /// Serves agents until a signal arrives and their sessions have ended.
    ///
    /// - Parameter handlers: the program's handler types.
    /// - Throws: the error that ends the program with an exit code other than 0.
    public func run(_ handlers: HandlerRegistry) async throws {
        var proxy = ProxyOptions(address: listen.address, port: listen.port)
        proxy.certificate = try tls.certificate()
        proxy.mode = mode
        let urls = upstreams.compactMap { WebSocketURL($0) }
        if !urls.isEmpty { proxy.upstreams = urls }
        if let ca { proxy.trust = .file(path: ca) }
        if let fault = proxy.fault { throw ProgramExit.unusable(fault) }
        try await options.run(handlers) { _ in ProxySource(proxy) }
    }
}

extension ProxyOptions.Mode: ExpressibleByArgument {}
