import EventRouter
import NIOCore

/// What a client showed in its handshake and nobody may write down: its key, its cookies, and what stands in its query. Where a message
/// has one of these, the router sees the message without it.
struct ClientSecrets: Sendable {
    /// Shorter ones could be any word.
    private static let shortest = 8

    /// No client needs more.
    private static let most = 32
    private static let longestLabel = 200

    private let secrets: [ByteSearch]

    /// - Parameters:
    ///   - request: the handshake.
    ///   - options: which fields of it are labels or the session's key.
    /// - Returns: nil if there are more than anybody needs.
    init?(_ request: HandshakeRequest, _ options: ProxyOptions) {
        let labels = options.labels.compactMap { if case .request(let field) = $0.origin { field } else { nil } }
        let known = Set(labels + [options.sessionKey].compactMap(\.self) + [.query("model")])
        let query = QueryItems(ofTarget: request.target).items.filter { !known.contains(.query($0.name)) }.map(\.value)
        let texts = request.credentials + query
        let found = Set(texts.flatMap(Self.forms)).filter { $0.utf8.count >= Self.shortest }
        guard found.count <= Self.most else { return nil }
        secrets = found.sorted { $0.utf8.count > $1.utf8.count }.map { ByteSearch(Array($0.utf8)) }
    }

    /// How a text may stand in JSON.
    private static func forms(_ text: String) -> [String] {
        [text, text.replacing("/", with: "\\/")]
    }

    /// A label with a value of the client's, cut to a bounded length; nil if the value has a secret, or is empty.
    func label(_ name: String, _ value: String) -> SessionLabel? {
        let value = value.cut(toUTF8Bytes: Self.longestLabel).printable
        return value.isEmpty || isFound(in: value) ? nil : SessionLabel(name, value)
    }

    /// Whether a text has a secret.
    func isFound(in text: String) -> Bool {
        ContiguousArray(text.utf8).withUnsafeBytes { bytes in secrets.contains { $0.isFound(in: bytes) } }
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

/// Finds a sequence of bytes in a time that grows with the number of bytes only.
///
/// Horspool's algorithm looks at few of the bytes between. Where a client has made bytes for which it takes long, Knuth's, Morris's and
/// Pratt's goes on.
private struct ByteSearch {
    let sought: [UInt8]
    /// How far to go on behind each byte that stands at the place of the last one.
    private let steps: [Int32]
    /// How much of the beginning the end of each beginning repeats.
    private let borders: [Int32]

    init(_ sought: [UInt8]) {
        self.sought = sought
        var steps = [Int32](repeating: Int32(sought.count), count: 256)
        for (index, byte) in sought.dropLast().enumerated() { steps[Int(byte)] = Int32(sought.count - 1 - index) }
        self.steps = steps
        var borders = [Int32](repeating: 0, count: sought.count)
        var length = 0
        for index in sought.indices.dropFirst() {
            while length > 0, sought[index] != sought[length] { length = Int(borders[length - 1]) }
            if sought[index] == sought[length] { length += 1 }
            borders[index] = Int32(length)
        }
        self.borders = borders
    }

    func isFound(in bytes: UnsafeRawBufferPointer) -> Bool {
        let last = sought.count - 1
        var end = last
        var effort = bytes.count + 1024
        while end < bytes.count {
            let byte = bytes[end]
            if byte == sought[last] {
                var length = 0
                while length < last, bytes[end - last + length] == sought[length] { length += 1 }
                if length == last { return true }
                effort -= length + 1
                if effort < 0 { return isFound(in: bytes, from: end - last) }
            }
            end += Int(steps[Int(byte)])
        }
        return false
    }

    private func isFound(in bytes: UnsafeRawBufferPointer, from start: Int) -> Bool {
        var length = 0
        for index in start..<bytes.count {
            while length > 0, bytes[index] != sought[length] { length = Int(borders[length - 1]) }
            if bytes[index] == sought[length] { length += 1 }
            if length == sought.count { return true }
        }
        return false
    }
}
