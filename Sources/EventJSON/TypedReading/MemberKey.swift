/// The key of a ``JSONReader``'s current member: the address of its bytes, and its first eight bytes.
@usableFromInline
struct MemberKey {
    @usableFromInline let start: UnsafeRawPointer
    @usableFromInline let count: Int
    /// The first eight bytes in little-endian order, padded with zeros.
    @usableFromInline let head: UInt64

    /// The key after the last member. It equals no name.
    @inline(__always) static var none: MemberKey { MemberKey() }

    private init() {
        unsafe start = UnsafeRawPointer(bitPattern: 1)!
        count = -1
        head = 0
    }

    /// Creates a key from its bytes.
    ///
    /// - Parameter readable: The number of bytes that may be loaded from `start`, including bytes after the key.
    @inline(__always)
    init(_ start: UnsafeRawPointer, _ count: Int, readable: Int) {
        unsafe self.start = start
        self.count = count
        head = unsafe Self.head(start, count, readable)
    }

    @inline(__always)
    private static func head(_ start: UnsafeRawPointer, _ count: Int, _ readable: Int) -> UInt64 {
        guard readable >= 8 else { return unsafe shortHead(start, count) }
        let head = unsafe UInt64(littleEndian: start.loadUnaligned(as: UInt64.self))
        return count >= 8 ? head : head & ~(UInt64.max &<< UInt64(truncatingIfNeeded: count &<< 3))
    }

    @inlinable @inline(__always)
    static func shortHead(_ start: UnsafeRawPointer, _ count: Int) -> UInt64 {
        var head: UInt64 = 0
        for index in 0..<count {
            head |= unsafe UInt64(start.load(fromByteOffset: index, as: UInt8.self)) &<< UInt64(index &* 8)
        }
        return head
    }

    /// Whether the key equals a name. Because the compiler knows the name, this compiles to comparisons with constants.
    @inlinable @inline(__always)
    func isEqual(to name: StaticString) -> Bool {
        let length = name.utf8CodeUnitCount
        guard count == length else { return false }
        let bytes = unsafe UnsafeRawPointer(name.utf8Start)
        guard length >= 8 else { return unsafe head == Self.shortHead(bytes, length) }
        guard unsafe head == UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self)) else { return false }
        return unsafe Lexer.isEqual(start, bytes, length, from: 8)
    }
}

extension Lexer {
    /// Whether the bytes at two addresses are equal.
    ///
    /// - Parameters:
    ///   - count: The number of bytes, at least eight.
    ///   - known: The number of leading bytes that are known to be equal.
    @inlinable @inline(__always)
    static func isEqual(
        _ left: UnsafeRawPointer, _ right: UnsafeRawPointer, _ count: Int, from known: Int = 0
    ) -> Bool {
        var index = known
        while index < count {
            // The last word overlaps the one before it, so as not to load bytes beyond the end.
            let offset = min(index, count &- 8)
            let word = unsafe left.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            guard unsafe word == right.loadUnaligned(fromByteOffset: offset, as: UInt64.self) else { return false }
            index &+= 8
        }
        return true
    }
}
