import EventRouter
import NIOCore

/// What a client showed in its handshake and nobody may write down: its key, its cookies, and what stands in its query. Where a message
/// has one of these, the router sees the message without it.
struct ClientSecrets: Sendable {
    /// Shorter ones could be any word.
    private static let shortest = 8

    private let secrets: [ByteSearch]

    /// - Parameters:
    ///   - request: the handshake.
    ///   - options: which fields of it are labels or the session's key.
    init(_ request: HandshakeRequest, _ options: ProxyOptions) {
        let labels = options.labels.compactMap { if case .request(let field) = $0.origin { field } else { nil } }
        let known = Set(labels + [options.sessionKey].compactMap(\.self) + [.query("model")])
        let query = QueryItems(ofTarget: request.target).items.filter { !known.contains(.query($0.name)) }.map(\.value)
        let texts = request.credentials + query
        secrets = Set(texts.flatMap(Self.forms)).filter { $0.utf8.count >= Self.shortest }.sorted {
            $0.utf8.count > $1.utf8.count
        }.map { ByteSearch(Array($0.utf8)) }
    }

    /// How a text may stand in JSON.
    private static func forms(_ text: String) -> [String] {
        [text, text.replacing("/", with: "\\/")]
    }

    /// A message without secrets; nil if it has none.
    func hidden(in message: ByteBuffer) -> [UInt8]? {
        guard message.withUnsafeReadableBytes({ bytes in secrets.contains { $0.isFound(in: bytes) } }) else {
            return nil
        }
        var bytes = Array(message.readableBytesView)
        for secret in secrets { bytes.replace(secret.sought, with: Array(Redaction.mark.utf8)) }
        return bytes
    }
}

/// Finds a sequence of bytes: by Horspool's algorithm, which looks at few of the bytes between.
private struct ByteSearch {
    let sought: [UInt8]
    /// How far to go on behind each byte that stands at the place of the last one.
    private let steps: [Int]

    init(_ sought: [UInt8]) {
        self.sought = sought
        var steps = [Int](repeating: sought.count, count: 256)
        for (index, byte) in sought.dropLast().enumerated() { steps[Int(byte)] = sought.count - 1 - index }
        self.steps = steps
    }

    func isFound(in bytes: UnsafeRawBufferPointer) -> Bool {
        let last = sought.count - 1
        var end = last
        while end < bytes.count {
            let byte = bytes[end]
            if byte == sought[last], (0..<last).allSatisfy({ bytes[end - last + $0] == sought[$0] }) { return true }
            end += steps[Int(byte)]
        }
        return false
    }
}
