public import EventRouter

extension HandlerRegistry {
    /// Registers the source types that open network connections: `connect` and `proxy`.
    public mutating func registerRealtimeConnection() {
        noteProduct("RealtimeConnection")
        source(
            "connect", "A Realtime session that the router opens itself, or the sideband of a call.",
            options: ConnectOptionKeys.all
        ) { options in
            ConnectOptionKeys.read(&options).map { ConnectSource($0) }
        }
        source(
            "proxy",
            "Sessions of agents that connect to the router in place of the server, to which it passes them on.",
            options: ProxyOptionKeys.all
        ) { options in
            ProxyOptionKeys.read(&options).map { ProxySource($0) }
        }
    }
}
