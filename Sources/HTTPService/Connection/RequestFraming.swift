import NIOCore

/// Splits a connection's bytes so that the decoder never gets bytes of two requests together, and limits the size of a
/// request without its body.
///
/// A header and a chunked body can end only at a line end, so the decoder gets them line by line. It gets a body of
/// known length without any byte beyond its end. So later requests of a pipeline are not decoded before their turn.
///
/// Counting before the decoder limits what the decoder does not limit: it silently discards empty lines before a
/// request and extensions of chunks. And while it skips the whitespace before a field's value, it keeps the whole
/// buffer from the field's name on.
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
    /// The number of bytes of the current request line.
    private var requestLineBytes = 0
    /// The number of bytes of the current request that belong neither to its request line nor to its body.
    private var headerBytes = 0
    private var isInRequestLine = true
    private var isAtLineStart = true

    init(_ options: HTTPServiceOptions) {
        requestLineLimit = options.maximumRequestLineBytes
        headerLimit = options.maximumHeaderBytes
    }

    /// The number of bytes that have not been passed to the decoder.
    var heldBytes: Int { held.readableBytes }

    /// Appends received bytes.
    mutating func append(_ bytes: ByteBuffer) {
        if held.readableBytes == 0 { held = bytes } else { held.writeImmutableBuffer(bytes) }
    }

    /// The next bytes for the decoder; nil if more bytes must arrive first.
    ///
    /// - Throws: The refusal if the request exceeds a limit, or continues a header field on the next line.
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
        // Folded lines are obsolete, and can be used for request smuggling, because servers interpret them differently.
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

    /// The bytes up to the next line end, or all bytes if there is none.
    private mutating func nextLine() -> ByteBuffer {
        let end = held.readableBytesView.firstIndex(of: 0x0A)
        isAtLineStart = end != nil
        let count = end.map { $0 - held.readerIndex + 1 } ?? held.readableBytes
        // The slice is always within the held bytes.
        return held.readSlice(length: count) ?? ByteBuffer()
    }

    /// Called when the decoder has read the header. The length is nil for a chunked body.
    mutating func headEnded(bodyLength: Int?) {
        part = bodyLength.map { .body(remaining: $0) } ?? .chunks
    }

    /// Called when the decoder has read `count` bytes of the body.
    mutating func bodyGrew(by count: Int) {
        if case .chunks = part { headerBytes = max(0, headerBytes - 9 * count) }
    }

    /// Called when the decoder has read the whole request.
    mutating func requestEnded() {
        (part, requestLineBytes, headerBytes, isInRequestLine, isAtLineStart) = (.head, 0, 0, true, true)
    }
}
