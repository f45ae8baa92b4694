public import EventRouter

extension HandlerRegistry {
    /// Registers the source types that hold connections: `connect` and `proxy`.
    public mutating func registerRealtimeConnection() {
        noteProduct("RealtimeConnection")
        registerConnect()
        registerProxy()
    }
}
