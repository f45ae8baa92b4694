/// The limits of an ``HTTPService``. The defaults suit an endpoint that untrusted clients can reach.
///
/// Each limit bounds what one connection can cost. A request that exceeds a limit is answered with the status named at
/// the limit, and its connection is closed.
public struct HTTPServiceOptions: Sendable, Hashable {
    /// The greatest length of a request line in bytes; a longer line is answered with 414.
    public var maximumRequestLineBytes = 8 * 1024

    /// The greatest number of bytes of a request without its request line and body; more are answered with 431.
    ///
    /// These bytes are header lines, trailer lines, empty lines before the request, and the framing of a chunked body
    /// beyond 8 bytes for each byte of the body.
    public var maximumHeaderBytes = 16 * 1024

    /// The greatest number of header and trailer fields of a request; more are answered with 431.
    public var maximumHeaderCount = 100

    /// The greatest size of a body in bytes. A larger body is answered with 413, before it is read if its length is
    /// known.
    public var maximumBodyBytes = 1024 * 1024

    /// The greatest number of connections at the same time; never more than a quarter of the descriptors that the
    /// process may open.
    ///
    /// For each connection beyond the limit, the service closes the connection that has waited longest for its client,
    /// so idle connections never exclude a new connection. If all connections are being answered, the new connection is
    /// answered with 503.
    public var maximumConnections = 256

    /// The greatest number of handlers that run at the same time. Further requests wait, in their order of arrival.
    public var maximumConcurrentRequests = 8

    /// The time limit from the start of the connection, or from the first byte of a later request, to the end of the
    /// request's header; then the answer is 408.
    public var headerTimeout = Duration.seconds(10)

    /// The time limit from the end of a request's header to the end of its body; then the answer is 408.
    public var bodyTimeout = Duration.seconds(30)

    /// The time limit of a handler, including the wait for its start. A handler that exceeds it is cancelled, and the
    /// answer is 503.
    public var handlerTimeout = Duration.seconds(30)

    /// The time limit for a client to receive an answer. The service aborts a connection that exceeds it.
    public var writeTimeout = Duration.seconds(30)

    /// How long a connection may be idle between two requests before it is closed.
    public var idleTimeout = Duration.seconds(75)

    /// Creates the default limits.
    public init() {}
}
