import ConfigSource
import EventJSON
import NIOCore

/// What a server's message means for the connection.
enum ServerSignal: Equatable {
    /// The server has created the session.
    case created
    /// The server has accepted a `session.update`.
    case updated
    /// An error that a new connection cannot fix.
    case fatal(FatalError)
    /// Anything else.
    case none

    private static let marks = [
        Array("session.created".utf8), Array(#""error""#.utf8), Array("response.done".utf8),
        Array("session.updated".utf8),
    ]

    /// Reads a message. Most messages are not parsed: the first 256 bytes show that they are irrelevant.
    init(_ message: ByteBuffer) {
        self = .none
        guard message.containsNearStart(oneOf: Self.marks),
            let event = try? JSONValue(parsing: message.readableBytesSpan)
        else { return }
        switch event["type"]?.string {
        case "session.created": self = .created
        case "session.updated": self = .updated
        case "error": if let error = Self.fatal(event["error"]) { self = .fatal(error) }
        case "response.done":
            if let error = Self.fatal(event["response"]?["status_details"]?["error"]) { self = .fatal(error) }
        default: break
        }
    }

    private static func fatal(_ error: JSONValue?) -> FatalError? {
        guard let code = error?["code"]?.string, FatalError.codes.contains(code) else { return nil }
        return FatalError(code: code, message: (error?["message"]?.string ?? "no message").printable)
    }
}

extension ByteBuffer {
    /// Whether the first 256 bytes contain one of several texts. Every message is checked, so this allocates nothing.
    func containsNearStart(oneOf marks: [[UInt8]]) -> Bool {
        withUnsafeReadableBytes { bytes in
            let count = min(bytes.count, 256)
            var place = 0
            while place < count {
                let byte = bytes[place]
                for mark in marks where mark[0] == byte && place + mark.count <= count {
                    if (1..<mark.count).allSatisfy({ bytes[place + $0] == mark[$0] }) { return true }
                }
                place += 1
            }
            return false
        }
    }
}
