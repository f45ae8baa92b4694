import NIOCore

/// Cuts a connection's bytes so that the decoder never gets bytes of two requests together, and bounds what a request has beside its
/// body.
///
/// A header, and a chunked body, can only end at a line end, so the decoder gets them line by line; a body of known length it gets up
/// to its last byte. That keeps later requests of a pipeline undecoded until their turn.
///
/// Counting before the decoder bounds what the decoder does not: it discards blank lines before a request and extensions of chunks
/// without a word, and while it skips the blanks before a field's value it keeps the whole buffer from the field's name on.
struct RequestFraming {
    private enum Part {
        case head
        case body(remaining: Int)
        case chunks
    }

    private let requestLineLimit: Int
    private let headerLimit: Int
    private var held = ByteBuffer()
    private var part = Part.head
    /// Bytes of the current request's line.
    private var requestLineBytes = 0
    /// Bytes of the current request that are neither its line nor its body.
    private var headerBytes = 0
    private var isInRequestLine = true
    private var isAtLineStart = true

    init(_ options: HTTPServiceOptions) {
        requestLineLimit = options.maximumRequestLineBytes
        headerLimit = options.maximumHeaderBytes
    }

    /// Bytes that the decoder did not get yet.
    var heldBytes: Int { held.readableBytes }

    /// Takes what the client sent.
    mutating func append(_ bytes: ByteBuffer) {
        if held.readableBytes == 0 { held = bytes } else { held.writeImmutableBuffer(bytes) }
    }

    /// What the decoder may have next; nil when more has to come first.
    ///
    /// - Throws: the refusal where the request is beyond a limit, or continues a header line on the next one.
    mutating func next() throws(HTTPRefusal) -> ByteBuffer? {
        guard held.readableBytes > 0 else { return nil }
        switch part {
        case .body(0): return nil
        case .body(let remaining):
            let count = min(remaining, held.readableBytes)
            part = .body(remaining: remaining - count)
            return held.readSlice(length: count)
        case .head: return try nextLineOfHead()
        case .chunks:
            if headerBytes > headerLimit { throw .headerTooLarge }
            let slice = nextLine()
            headerBytes += slice.readableBytes
            return slice
        }
    }

    private mutating func nextLineOfHead() throws(HTTPRefusal) -> ByteBuffer {
        // Folded lines are obsolete, and servers that read them differently can be played off against each other.
        let first = held.getInteger(at: held.readerIndex, as: UInt8.self)
        if isAtLineStart && !isInRequestLine && (first == 0x20 || first == 0x09) { throw .badRequest }
        let slice = nextLine()
        let isBlank = slice.readableBytesView.allSatisfy { $0 == 0x0D || $0 == 0x0A }
        if isInRequestLine && !(isBlank && requestLineBytes == 0) {
            requestLineBytes += slice.readableBytes
            if requestLineBytes > requestLineLimit { throw .requestLineTooLong }
            isInRequestLine = !isAtLineStart
        } else {
            headerBytes += slice.readableBytes
            if headerBytes > headerLimit { throw .headerTooLarge }
        }
        return slice
    }

    /// The bytes up to the next line end, or all where there is none.
    private mutating func nextLine() -> ByteBuffer {
        let end = held.readableBytesView.firstIndex(of: 0x0A)
        isAtLineStart = end != nil
        let count = end.map { $0 - held.readerIndex + 1 } ?? held.readableBytes
        // The slice is within what is held.
        return held.readSlice(length: count) ?? ByteBuffer()
    }

    /// The decoder read the header, which announces a body of a known length, or one in chunks where the length is nil.
    mutating func headEnded(bodyLength: Int?) {
        part = bodyLength.map { .body(remaining: $0) } ?? .chunks
    }

    /// The decoder found so many bytes of the body.
    mutating func bodyGrew(by count: Int) {
        if case .chunks = part { headerBytes = max(0, headerBytes - 9 * count) }
    }

    /// The decoder read the request to its end.
    mutating func requestEnded() {
        (part, requestLineBytes, headerBytes, isInRequestLine, isAtLineStart) = (.head, 0, 0, true, true)
    }
}
