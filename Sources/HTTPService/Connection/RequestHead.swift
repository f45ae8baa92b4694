import NIOHTTP1

/// What a request's header says of its body, checked.
///
/// llhttp has refused contradictory lengths by then: `Content-Length` twice, or beside `Transfer-Encoding`.
struct RequestBody {
    /// The length; 0 where there is no body, nil where it comes in chunks.
    let length: Int?
    /// Whether the client waits for word that it may send the body.
    let isAnnounced: Bool

    /// - Throws: the refusal of a header that this server cannot or must not follow.
    init(_ head: HTTPRequestHead, limit: Int) throws(HTTPRefusal) {
        let headers = head.headers
        // RFC 9112, 3.2: exactly one Host in HTTP/1.1.
        if headers["host"].count > 1 || head.version == .http1_1 && headers["host"].isEmpty { throw .badRequest }
        let encodings = HTTPFields.values(headers, "transfer-encoding")
        if encodings.isEmpty {
            length = try Self.length(HTTPFields.values(headers, "content-length").first)
        } else {
            if head.version != .http1_1 { throw .badRequest }
            if encodings.count != 1 || encodings[0].lowercased() != "chunked" { throw .unsupportedTransferEncoding }
            length = nil
        }
        if let length, length > limit { throw .bodyTooLarge }
        let expectations = HTTPFields.values(headers, "expect")
        if expectations.contains(where: { $0.lowercased() != "100-continue" }) { throw .unsupportedExpectation }
        isAnnounced = !expectations.isEmpty && head.version == .http1_1
    }

    /// The value of `Content-Length`. The decoder lets nothing but digits pass, so what is no `Int` is more than one.
    private static func length(_ text: String?) throws(HTTPRefusal) -> Int {
        guard let text else { return 0 }
        guard let length = Int(text) else { throw .bodyTooLarge }
        return length
    }
}

/// Path and query of a request's target.
struct RequestTarget {
    let path: String
    let query: String?

    /// - Parameter uri: the target as it came: `/path?query`, or with a scheme and host before it, as a proxy's client writes it.
    init(_ uri: String) {
        var rest = Substring(uri)
        if let scheme = rest.firstRange(of: "://"), !rest.hasPrefix("/") {
            rest = rest[scheme.upperBound...]
            rest = rest[(rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex)...]
            if !rest.hasPrefix("/") { rest = "/" + rest }
        }
        let mark = rest.firstIndex(of: "?")
        path = String(rest[..<(mark ?? rest.endIndex)])
        query = mark.map { String(rest[rest.index(after: $0)...]) }
    }
}
