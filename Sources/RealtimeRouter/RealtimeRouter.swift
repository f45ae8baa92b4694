// EventRouter re-exports the modules that it is built on: events, JSON, patterns, sessions, record files and configuration sources.
@_exported public import EventRouter
@_exported public import FunctionCalls
@_exported public import OperatorHandlers
@_exported public import RealtimeMetrics
@_exported public import RouteFile
@_exported public import SessionAudio
@_exported public import Transcripts

extension HandlerRegistry {
    /// The types that come with the router: the handlers `transcript`, `function_call`, `metrics`, `audio`, `command` and
    /// `console`, and the sources `file` and `pipe`.
    public static var standard: HandlerRegistry {
        var registry = HandlerRegistry()
        registry.registerSources()
        registry.registerTranscripts()
        registry.registerFunctionCalls()
        registry.registerMetrics()
        registry.registerSessionAudio()
        registry.registerOperatorHandlers()
        return registry
    }
}
