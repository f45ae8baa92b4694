import NIOHTTP1

/// A complete request.
///
/// All its contents come from the client and are untrusted. A handler that may serve only this machine's own pages must
/// check `Host` and `Origin` in ``headers``.
public struct HTTPRequest: Sendable {
    /// The method, such as `GET`. It is `HEAD` for a `HEAD` request that a route for `GET` answers.
    public let method: String
    /// The path without the query, percent-encoded as received: `/metrics`.
    public let path: String
    /// The query without its `?`, percent-encoded as received; nil if there is none.
    public let query: String?
    /// The header fields.
    public let headers: HTTPFields
    /// The body; empty if there is none.
    public let body: [UInt8]
    /// The client's IP address without its port; nil if the system no longer knows it.
    public let clientAddress: String?
}

/// A response: status, header fields and body.
///
/// The service adds `Content-Length`, `Date` and `Connection`; it omits the body if the request was `HEAD`.
public struct HTTPResponse: Sendable, Hashable {
    /// The status code, from 200 to 599.
    public var status: Int
    /// The header fields. The service writes control characters in them as spaces, so that no value can begin another field.
    public var headers: HTTPFields
    /// The body.
    public var body: [UInt8]

    /// Creates a response from its parts.
    public init(status: Int = 200, headers: HTTPFields = [:], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// Creates a response whose body is a text.
    public init(status: Int = 200, text: String, contentType: String = "text/plain; charset=utf-8") {
        self.init(status: status, headers: ["Content-Type": contentType], body: Array(text.utf8))
    }
}

/// Header fields in order. The comparison of names ignores case.
public struct HTTPFields: Sendable, Hashable, ExpressibleByDictionaryLiteral {
    /// One field.
    public struct Field: Sendable, Hashable {
        /// The name in its original case.
        public let name: String
        /// The value, without the whitespace around it.
        public let value: String
    }

    /// All fields.
    public private(set) var fields: [Field] = []

    /// Creates an empty list of fields.
    public init() {}

    /// Creates fields from a literal such as `["Content-Type": "text/plain"]`.
    public init(dictionaryLiteral elements: (String, String)...) {
        for (name, value) in elements { add(name, value) }
    }

    init(_ pairs: some Sequence<(name: String, value: String)>) {
        fields = pairs.map { Field(name: $0, value: Self.trimmed($1)) }
    }

    /// The values of NIO's fields with a name, without trailing whitespace, which the decoder does not remove.
    static func values(_ headers: HTTPHeaders, _ name: String) -> [String] { headers[name].map(trimmed) }

    private static func trimmed(_ value: String) -> String {
        let blanks = value.utf8.reversed().prefix { $0 == 0x20 || $0 == 0x09 }.count
        return String(value.utf8.dropLast(blanks)) ?? value
    }

    /// The value of the first field with a name; nil if there is none.
    public subscript(_ name: String) -> String? { fields.first { Self.areEqual($0.name, name) }?.value }

    /// The values of all fields with a name, in order.
    public func values(_ name: String) -> [String] {
        fields.filter { Self.areEqual($0.name, name) }.map(\.value)
    }

    /// Appends a field.
    public mutating func add(_ name: String, _ value: String) { fields.append(Field(name: name, value: value)) }

    private static func areEqual(_ one: String, _ other: String) -> Bool {
        one.utf8.count == other.utf8.count
            && zip(one.utf8, other.utf8).allSatisfy { lowercase($0) == lowercase($1) }
    }

    private static func lowercase(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }
}
