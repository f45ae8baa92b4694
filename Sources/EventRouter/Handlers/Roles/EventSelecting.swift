public import RealtimeEvents

/// A handler that fails for all events but those of some types.
public protocol EventSelecting: EventHandler {
    /// The only event types that the handler can use. Checking a configuration warns of a route that sends it nothing but others.
    var usableTypes: [EventType] { get }
}
