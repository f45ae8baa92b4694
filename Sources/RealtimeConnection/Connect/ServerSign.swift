import ConfigSource
import EventJSON
import NIOCore

/// What a server's message says about the connection.
enum ServerSign: Equatable {
    /// The session is there.
    case created
    /// No new connection helps.
    case fatal(FatalError)
    /// Anything else.
    case none

    /// So many bytes of a message are looked at before it is read.
    private static let lookedAt = 256
    private static let marks = [Array("session.created".utf8), Array(#""error""#.utf8), Array("response.done".utf8)]

    /// Reads a message. Of nearly all only the beginning is looked at.
    init(_ message: ByteBuffer) {
        self = .none
        let beginning = message.readableBytesView.prefix(Self.lookedAt)
        guard Self.marks.contains(where: { !beginning.ranges(of: $0).isEmpty }),
            let event = try? JSONValue(parsing: message.readableBytesSpan)
        else { return }
        switch event["type"]?.string {
        case "session.created": self = .created
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
