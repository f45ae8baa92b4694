/// The limits of an ``HTTPService``. The defaults suit an endpoint that strangers can reach.
///
/// Each limit bounds what one connection can cost. A request beyond a limit gets the status that the limit names, and its connection
/// is closed.
public struct HTTPServiceOptions: Sendable, Hashable {
    /// The longest request line, in bytes; a longer one is answered 414.
    public var maximumRequestLineBytes = 8 * 1024

    /// The most bytes that a request has beside its request line and body; more are answered 431.
    ///
    /// These are header lines, trailer lines, blank lines before the request, and the framing of a chunked body beyond 8 bytes for
    /// each byte of the body.
    public var maximumHeaderBytes = 16 * 1024

    /// The most header and trailer fields of a request; more are answered 431.
    public var maximumHeaderCount = 100

    /// The largest body of a request, in bytes; a larger one is answered 413, before it is read where its length is known.
    public var maximumBodyBytes = 1024 * 1024

    /// The most connections at a time; never more than a quarter of the descriptors that the process may open.
    ///
    /// For each connection beyond the limit, the service closes the one that has waited longest for its client, so idle connections
    /// never keep a new one out. When all connections are being answered, the new one gets 503.
    public var maximumConnections = 256

    /// The most requests that handlers work on at a time; others wait, in the order in which they came.
    public var maximumConcurrentRequests = 8

    /// The time from the connection, or from a later request's first byte, to the end of the request's header; then 408.
    public var headerTimeout = Duration.seconds(10)

    /// The time from the end of a request's header to the end of its body; then 408.
    public var bodyTimeout = Duration.seconds(30)

    /// The time that a handler has, waiting for its turn included; then its task is cancelled and the answer is 503.
    public var handlerTimeout = Duration.seconds(30)

    /// The time in which a client has to take an answer; then the connection is aborted.
    public var writeTimeout = Duration.seconds(30)

    /// The time that a connection may rest between two requests; then it is closed.
    public var idleTimeout = Duration.seconds(75)

    /// The defaults.
    public init() {}
}
