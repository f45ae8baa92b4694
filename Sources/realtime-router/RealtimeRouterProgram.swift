import MetricsServer
import RealtimeRouter
import RouterProgram
import TranscriptStore

@main
struct RealtimeRouterProgram {
    static func main() async {
        var registry = HandlerRegistry.standard
        registry.registerTranscriptStore()
        registry.registerMetricsServer(logger: RouterProgram.logger)
        await RouterProgram.main(handlers: registry)
    }
}
