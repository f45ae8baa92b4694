import RealtimeSession

/// The handler that the current task calls: what it sends to its session is tied to it.
enum CallingHandler {
    /// Nil outside of a handler's tasks. Tasks that a handler begins have it too, unless they are detached.
    @TaskLocal static var origin: EventOrigin?
}
