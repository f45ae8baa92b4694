import ConfigSource
import EventRouter

/// A handler as it stands in the file.
struct DeclaredHandler {
    let name: String
    /// Where the name stands.
    let key: Node
    /// The value of `on_full`, where it is written.
    let onFull: Node?
    /// The handler, unless something is wrong with it.
    let binding: HandlerBinding?

    /// Whether it is made for certain events; nil when that cannot be told.
    var hasInterests: Bool? {
        guard let handler = binding?.handler, !(handler is UnregisteredHandler) else { return nil }
        return !handler.interests.isEmpty
    }
}
