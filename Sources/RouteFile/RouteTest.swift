public import ConfigSource
public import EventJSON

/// One of the `tests` of a routes.yml: an event, and the routes that it is to fire.
public struct RouteTest: Sendable {
    /// The test's name; unique in a file.
    public var name: String
    /// The event.
    public var event: JSONValue
    /// The names of the routes that are to fire, in file order; each is a route of the file.
    public var routes: [String]
    /// Where the test stands in its file.
    public var location: SourceLocation?

    /// Makes a test.
    public init(name: String, event: JSONValue, routes: [String], location: SourceLocation? = nil) {
        self.name = name
        self.event = event
        self.routes = routes
        self.location = location
    }
}
