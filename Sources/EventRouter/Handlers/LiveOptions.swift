/// A handler with options that only have an effect in live sessions.
public protocol LiveOptions: EventHandler {
    /// The names of those options that are in use, as routes.yml has them.
    var liveOptions: [String] { get }
}
