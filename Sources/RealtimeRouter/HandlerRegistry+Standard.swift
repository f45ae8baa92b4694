public import EventRouter
import FunctionCalls
import OperatorHandlers
import RealtimeMetrics
import Transcripts

extension HandlerRegistry {
    /// The types that come with the router: the handlers `transcript`, `function_call`, `metrics`, `command` and `console`, and the sources
    /// `file` and `pipe`.
    public static var standard: HandlerRegistry {
        var registry = HandlerRegistry()
        registry.registerSources()
        registry.registerTranscripts()
        registry.registerFunctionCalls()
        registry.registerMetrics()
        registry.registerOperatorHandlers()
        return registry
    }
}
