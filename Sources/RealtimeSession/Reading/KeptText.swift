internal import EventJSON

/// A short text of the event at hand that may be asked for later, or not at all: an id.
///
/// Keeping one as long as the last, as ids are, allocates nothing and is a mere copy.
struct KeptText: Sendable {
    private var bytes: [UInt8] = []
    /// Whether there is no text.
    private(set) var isEmpty = true

    /// The text.
    var string: String { isEmpty ? "" : String(decoding: bytes, as: UTF8.self) }

    /// Puts a text in place of the one before.
    mutating func keep(_ text: RawSpan) {
        isEmpty = text.byteCount == 0
        unsafe text.withUnsafeBytes { source in
            guard source.count == bytes.count else { return bytes = unsafe [UInt8](source) }
            unsafe bytes.withUnsafeMutableBytes { unsafe $0.copyMemory(from: source) }
        }
    }

    /// Forgets the text.
    mutating func clear() { isEmpty = true }

    /// Whether it is this text.
    func equals(_ text: RawSpan) -> Bool {
        !isEmpty && text.byteCount == bytes.count && bytes.starts(with: text)
    }
}
