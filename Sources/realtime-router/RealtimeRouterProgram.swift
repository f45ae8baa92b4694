import ConnectionCommands
import MetricsServer
import RealtimeConnection
import RealtimeRouter
import RouterProgram
import TranscriptStore

@main
struct RealtimeRouterProgram {
    static func main() async {
        var registry = HandlerRegistry.standard
        registry.registerTranscriptStore()
        registry.registerMetricsServer(logger: RouterProgram.logger)
        registry.registerRealtimeConnection()
        await RouterProgram.main(handlers: registry, commands: ConnectionCommands.all)
    }
}
