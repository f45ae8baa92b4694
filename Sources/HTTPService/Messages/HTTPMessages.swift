import NIOHTTP1

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

/// Header fields in their order. Names are compared without regard to case.
public struct HTTPFields: Sendable, Hashable, ExpressibleByDictionaryLiteral {
    /// One field.
    public struct Field: Sendable, Hashable {
        /// The name as it was written.
        public let name: String
        /// The value, without the blanks around it.
        public let value: String
    }

    /// All fields.
    public private(set) var fields: [Field] = []

    /// No fields.
    public init() {}

    /// The fields of a literal such as `["Content-Type": "text/plain"]`.
    public init(dictionaryLiteral elements: (String, String)...) {
        for (name, value) in elements { add(name, value) }
    }

    init(_ pairs: some Sequence<(name: String, value: String)>) {
        fields = pairs.map { Field(name: $0, value: Self.trimmed($1)) }
    }

    /// The values of NIO's fields of a name, without the blanks behind them, which the decoder leaves.
    static func values(_ headers: HTTPHeaders, _ name: String) -> [String] { headers[name].map(trimmed) }

    private static func trimmed(_ value: String) -> String {
        let blanks = value.utf8.reversed().prefix { $0 == 0x20 || $0 == 0x09 }.count
        return String(value.utf8.dropLast(blanks)) ?? value
    }

    /// The value of the first field of that name; nil where there is none.
    public subscript(_ name: String) -> String? { fields.first { Self.areEqual($0.name, name) }?.value }

    /// The values of all fields of that name, in order.
    public func values(_ name: String) -> [String] {
        fields.filter { Self.areEqual($0.name, name) }.map(\.value)
    }

    /// Adds a field after the others.
    public mutating func add(_ name: String, _ value: String) { fields.append(Field(name: name, value: value)) }

    private static func areEqual(_ one: String, _ other: String) -> Bool {
        one.utf8.count == other.utf8.count
            && zip(one.utf8, other.utf8).allSatisfy { lowercase($0) == lowercase($1) }
    }

    private static func lowercase(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }
}
