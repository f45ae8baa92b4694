import NIOHTTP1

/// The length of a request's body, from its validated header.
///
/// llhttp has already rejected contradictory lengths: a repeated `Content-Length`, or a `Content-Length` beside
/// `Transfer-Encoding`.
struct RequestBody {
    /// The length; 0 if there is no body, nil if it is sent in chunks.
    let length: Int?
    /// Whether the client waits for `100 Continue` before it sends the body.
    let expectsContinue: Bool

    /// Validates a header.
    ///
    /// - Throws: The refusal for a header that the service cannot or must not accept.
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
        expectsContinue = !expectations.isEmpty && head.version == .http1_1
    }

    /// The value of `Content-Length`. The decoder accepts only digits, so a value that is not an `Int` is too large.
    private static func length(_ text: String?) throws(HTTPRefusal) -> Int {
        guard let text else { return 0 }
        guard let length = Int(text) else { throw .bodyTooLarge }
        return length
    }
}

/// The path and the query of a request's target.
struct RequestTarget {
    let path: String
    let query: String?

    /// Splits a target.
    ///
    /// - Parameter uri: The target as received: `/path?query`, or an absolute URI, as clients send to a proxy.
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
