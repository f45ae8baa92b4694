public import EventRouter
import FunctionCalls
import OperatorHandlers
import RealtimeMetrics
import Transcripts

extension HandlerRegistry {
    /// The handler types that come with the router: `transcript`, `function_call`, `metrics`, `command`, `console`.
    public static var standard: HandlerRegistry {
        var registry = HandlerRegistry()
        registry.registerTranscripts()
        registry.registerFunctionCalls()
        registry.registerMetrics()
        registry.registerOperatorHandlers()
        return registry
    }
}
