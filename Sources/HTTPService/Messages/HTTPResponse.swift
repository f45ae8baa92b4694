/// An answer: status, header fields and body.
///
/// The service adds `Content-Length`, `Date` and `Connection`; it leaves the body out where the request was `HEAD`.
public struct HTTPResponse: Sendable, Hashable {
    /// The status code, from 200 to 599.
    public var status: Int
    /// The header fields. The service writes control characters in them as spaces, so that no value can begin another field.
    public var headers: HTTPFields
    /// The body.
    public var body: [UInt8]

    /// An answer from its parts.
    public init(status: Int = 200, headers: HTTPFields = [:], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// An answer whose body is a text.
    public init(status: Int = 200, text: String, contentType: String = "text/plain; charset=utf-8") {
        self.init(status: status, headers: ["Content-Type": contentType], body: Array(text.utf8))
    }
}
