import NIOCore
import NIOHTTP1

/// An answer as it goes over the wire.
struct ResponseMessage {
    let head: HTTPResponseHead
    let body: ByteBuffer?

    /// - Parameters:
    ///   - response: the answer.
    ///   - request: the header of what is answered; nil where it could not be read.
    ///   - closes: whether the connection ends after it.
    ///   - date: the value of `Date`.
    init(_ response: HTTPResponse, to request: HTTPRequestHead?, closes: Bool, date: String) {
        var headers = HTTPHeaders()
        for field in response.headers.fields {
            headers.add(name: Self.clean(field.name), value: Self.clean(field.value))
        }
        headers.replaceOrAdd(name: "Content-Length", value: "\(response.body.count)")
        headers.replaceOrAdd(name: "Date", value: date)
        if closes {
            headers.replaceOrAdd(name: "Connection", value: "close")
        } else if request?.version == .http1_0 {
            headers.replaceOrAdd(name: "Connection", value: "keep-alive")
        }
        let status = HTTPResponseStatus(statusCode: response.status)
        head = HTTPResponseHead(version: .http1_1, status: status, headers: headers)
        body =
            request?.method == .HEAD || response.body.isEmpty || !status.mayHaveResponseBody
            ? nil : ByteBuffer(bytes: response.body)
    }

    /// The text without control characters, which could begin another field.
    private static func clean(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) else { return text }
        return String(decoding: text.utf8.map { $0 < 0x20 || $0 == 0x7F ? 0x20 : $0 }, as: UTF8.self)
    }
}
