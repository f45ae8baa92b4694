import NIOCore
import NIOHTTP1

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// An answer in the form in which it is sent.
struct ResponseMessage {
    let head: HTTPResponseHead
    let body: ByteBuffer?

    /// Creates the message for an answer.
    ///
    /// - Parameters:
    ///   - response: The answer.
    ///   - request: The header of the answered request; nil if it could not be read.
    ///   - closes: Whether the connection closes after the answer.
    ///   - date: The value of `Date`.
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

    /// The text with control characters replaced by spaces, because a line end would begin another field.
    private static func clean(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) else { return text }
        return String(decoding: text.utf8.map { $0 < 0x20 || $0 == 0x7F ? 0x20 : $0 }, as: UTF8.self)
    }
}

/// The value of the `Date` field: the current time in the format of RFC 9110, section 5.6.7.
struct HTTPDate {
    private var second = -1
    private var text = ""

    private static let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// The current time as text. It is formatted at most once per second.
    mutating func now() -> String {
        var seconds = time(nil)
        if seconds != second {
            second = seconds
            var parts = tm()
            gmtime_r(&seconds, &parts)
            let clock = [parts.tm_hour, parts.tm_min, parts.tm_sec].map(Self.twoDigits).joined(separator: ":")
            text =
                "\(Self.days[Int(parts.tm_wday)]), \(Self.twoDigits(parts.tm_mday)) \(Self.months[Int(parts.tm_mon)]) "
                + "\(parts.tm_year + 1900) \(clock) GMT"
        }
        return text
    }

    private static func twoDigits(_ number: CInt) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
