/// A whole request, as a handler gets it.
///
/// Everything in it comes from the client: it is hostile until checked. A handler that must only serve this machine's own pages checks
/// `Host` and `Origin` among the ``headers``.
public struct HTTPRequest: Sendable {
    /// The method, such as `GET`; `HEAD` for a request that a route for `GET` answers.
    public let method: String
    /// The path, percent-encoded as it came, without the query: `/metrics`.
    public let path: String
    /// The query without its `?`, percent-encoded as it came; nil where there is none.
    public let query: String?
    /// The header fields.
    public let headers: HTTPFields
    /// The body; empty where there is none.
    public let body: [UInt8]
    /// The client's IP address, without its port; nil where the system does not know it any more.
    public let clientAddress: String?
}
