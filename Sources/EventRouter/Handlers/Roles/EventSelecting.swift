public import RealtimeEvents

/// A handler that can use only some event types. It filters nothing: other events are delivered, and fail. What a route without `type`
/// takes, ``EventHandler/interests`` say.
public protocol EventSelecting: EventHandler {
    /// The only event types that the handler can use. Checking a configuration warns of a route that sends it nothing but others.
    var usableTypes: [EventType] { get }
}
