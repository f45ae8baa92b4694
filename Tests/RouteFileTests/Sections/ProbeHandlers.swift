import ConfigSource
import EventRouter
import RealtimeEvents
import RouteFile

/// A handler that does nothing, to inspect its configuration.
struct ProbeHandler: EventHandler {
    var interests: [EventType] = []
    var output: String?

    func handle(_ delivery: EventDelivery) async throws {}
}

/// A handler that declares functions but runs none.
private struct ProbeCallHandler: FunctionCallHandling, EventSelecting {
    let interests: [EventType] = [.routerFunctionCallReady]
    let usableTypes: [EventType] = [.routerFunctionCallReady]

    func handle(_ delivery: EventDelivery) async throws {}
}

extension HandlerRegistry {
    /// `transcript` (made for utterances; needs `output`, takes `every`), `console` (made for nothing), `function_call`
    /// (takes calls) and `picky` (refuses its options without saying why); the sources of the router, `socket` (live, without
    /// options) and `picky`.
    static var probes: HandlerRegistry {
        var registry = HandlerRegistry()
        registry.register("transcript") { options in
            let output = options.section.requiredString("output").map { options.context.outputPath($0) }
            _ = options.section.duration("every")
            _ = options.section.byteSize("limit")
            return output.map { ProbeHandler(interests: [.routerUtteranceDone], output: $0) }
        }
        registry.register("console") { _ in ProbeHandler() }
        registry.register("function_call") { _ in ProbeCallHandler() }
        registry.register("picky") { _ in nil }
        registry.registerSources()
        registry.source("socket", "A live source.", options: []) { _ in PipeSource(isLive: true) }
        registry.source("picky") { _ in nil }
        return registry
    }
}

/// The result of loading a routes.yml, with all diagnostics.
func load(
    _ text: String, context: HandlerContext = HandlerContext()
) -> (configuration: RouteConfiguration?, diagnostics: Diagnostics) {
    let diagnostics = Diagnostics()
    let configuration = RouteConfiguration.read(
        SourceFile(path: "routes.yml", text: text), registry: .probes,
        context: context, diagnostics)
    return (configuration, diagnostics)
}
