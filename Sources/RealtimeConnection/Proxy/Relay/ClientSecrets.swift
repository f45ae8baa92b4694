import EventRouter
import NIOCore

/// The secrets in a client's handshake, which must not be written to records: its credentials, its cookies and its query values. The
/// router gets messages with these secrets redacted.
struct ClientSecrets: Sendable {
    /// The shortest redacted secret, in bytes. Shorter values could be ordinary words.
    private static let shortest = 8

    /// The maximum number of secrets. No legitimate client needs more.
    private static let most = 32
    private static let longestLabel = 200

    private let secrets: [ByteSearch]

    /// - Parameters:
    ///   - request: the client's handshake.
    ///   - options: the options that name the fields for labels and the session key, which are not secret.
    /// - Returns: nil if there are too many secrets.
    init?(_ request: HandshakeRequest, _ options: ProxyOptions) {
        let labels = options.labels.compactMap { if case .request(let field) = $0.origin { field } else { nil } }
        let known = Set(labels + [options.sessionKey].compactMap(\.self) + [.query("model")])
        let query = QueryItems(ofTarget: request.target).items.filter { !known.contains(.query($0.name)) }.map(\.value)
        let texts = request.credentials + query
        let found = Set(texts.flatMap(Self.forms)).filter { $0.utf8.count >= Self.shortest }
        guard found.count <= Self.most else { return nil }
        secrets = found.sorted { $0.utf8.count > $1.utf8.count }.map { ByteSearch(Array($0.utf8)) }
    }

    /// The forms in which a text can occur in JSON.
    private static func forms(_ text: String) -> [String] {
        [text, text.replacing("/", with: "\\/")]
    }

    /// A label with a client's value, truncated to 200 bytes; nil if the value is empty or contains a secret.
    func label(_ name: String, _ value: String) -> SessionLabel? {
        let value = value.cut(toUTF8Bytes: Self.longestLabel).printable
        return value.isEmpty || isFound(in: value) ? nil : SessionLabel(name, value)
    }

    /// Whether a text contains a secret.
    func isFound(in text: String) -> Bool {
        ContiguousArray(text.utf8).withUnsafeBytes { bytes in secrets.contains { $0.isFound(in: bytes) } }
    }

    /// A redacted copy of a message; nil if the message contains no secret.
    func redacted(_ message: ByteBuffer) -> [UInt8]? {
        guard message.withUnsafeReadableBytes({ bytes in secrets.contains { $0.isFound(in: bytes) } }) else {
            return nil
        }
        var bytes = Array(message.readableBytesView)
        for secret in secrets { bytes.replace(secret.sought, with: Array(Redaction.mark.utf8)) }
        return bytes
    }
}

/// Finds a byte sequence in linear time, even for input that a client made up to slow the search down.
///
/// The search begins with Horspool's algorithm, which skips most bytes. If that has compared too many bytes, the Knuth-Morris-Pratt
/// algorithm takes over.
private struct ByteSearch {
    let sought: [UInt8]
    /// Horspool's shifts: how far to advance for each byte at the end of the window.
    private let steps: [Int32]
    /// Knuth-Morris-Pratt's borders: for each prefix, the length of its longest proper prefix that is also its suffix.
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
