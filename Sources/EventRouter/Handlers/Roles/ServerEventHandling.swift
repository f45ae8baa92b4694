/// A handler that makes nothing of the client's events: it takes them, and does nothing with them.
///
/// Checking a configuration reports a route with `direction: client` that names one.
public protocol ServerEventHandling: EventHandler {}
