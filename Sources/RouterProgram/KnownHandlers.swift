import RealtimeRouter

/// The handler types that this program was made with, for its commands.
enum KnownHandlers {
    /// What `main` was given.
    @TaskLocal static var registry = HandlerRegistry()
}
