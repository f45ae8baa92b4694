/// A handler with options that only have an effect in live sessions.
public protocol LiveOptions: EventHandler {
    /// The names of those options that are in use, as routes.yml has them.
    var liveOptions: [String] { get }
}

extension RouteTable {
    /// The options of all handlers that have no effect unless a session is live, each name once, in file order.
    public var liveOptions: [String] {
        var names: [String] = []
        for binding in handlers {
            for name in binding.roles.live?.liveOptions ?? [] where !names.contains(name) {
                names.append(name)
            }
        }
        return names
    }
}
