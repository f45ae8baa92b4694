// The Swift code of the documentation, compiled: the guides show parts of this file.

import RealtimeRouter
import RouterProgram

// README.md

struct ShoutHandler: EventHandler {
    let greeting: String

    func handle(_ delivery: EventDelivery) async throws {
        let utterance = try delivery.event.decode(Utterance.self)
        print(greeting, utterance.text?.uppercased() ?? "")
    }
}

func runWithShoutHandler() async {
    var registry = HandlerRegistry.standard
    registry.register("shout") { options in
        options.section.requiredString("greeting").map { ShoutHandler(greeting: $0) }
    }
    await RouterProgram.main(handlers: registry)
}

// Documentation/guides/write-a-handler.md

struct SlowAnswerHandler: EventHandler {
    private static let limit = SectionKey.duration("limit", "How long an answer may take.")
        .defaulting(to: .seconds(1))

    static func register(in registry: inout HandlerRegistry) {
        registry.register("slow_answers", "Says which answers were slow to come.", options: [limit]) { options in
            SlowAnswerHandler(limit: options.read(limit))
        }
    }

    let limit: Duration
    let interests: [EventType] = [.routerTurnDone]

    func handle(_ delivery: EventDelivery) async throws {
        let turn = try delivery.event.decode(Turn.self)
        guard let latency = turn.latencyMs, .milliseconds(latency) > limit else { return }
        print("slow: the answer to turn \(turn.head.turn ?? 0) took \(latency) ms")
    }
}

struct SwitchboardSource: SessionSource {
    let address: String
    let isLive = true
    var name: String { "the switchboard at \(address)" }

    func run(_ context: SourceContext) async throws {}
}

func registerSwitchboard(in registry: inout HandlerRegistry) {
    let address = SectionKey.string("address", "The switchboard's address.").required()
    registry.source("switchboard", "Calls of the switchboard.", options: [address]) { options in
        options.read(address).map { SwitchboardSource(address: $0) }
    }
}

// Documentation/guides/add-a-kind-of-function.md

/// The registry of a program whose functions can be tools of an MCP server.
func registryWithMCP() -> HandlerRegistry {
    var registry = HandlerRegistry.standard
    let server = SectionKey.string("server", "The server's address.").required()
    registry.executor("mcp", "Calls a tool of an MCP server.", options: [server]) { options in
        options.read(server).map { MCPExecutor(server: $0, tool: options.name) }
    }
    return registry
}

actor MCPExecutor {
    private let server: String
    private let tool: String

    init(server: String, tool: String) {
        self.server = server
        self.tool = tool
    }

    private func connect() async throws {}
    private func disconnect() async {}
    private func callTool(_ call: FunctionCall) async throws -> (isError: Bool, text: String) {
        (false, "\(server) \(tool) \(call.name ?? "")")
    }
}

extension MCPExecutor: ManagedExecutor {
    /// Throws if the server cannot be reached: then the router does not start.
    func start() async throws { try await connect() }

    func stop() async { await disconnect() }

    func run(_ call: FunctionCall) async throws -> FunctionCallReport {
        let response = try await callTool(call)
        guard !response.isError else { return .failed("the tool failed", error: response.text) }
        return .completed(FunctionCallResult(response.text))
    }
}
