/// The key of a member that a ``JSONReader`` stands at: where its bytes are, and the first eight of them.
@usableFromInline
struct MemberKey {
    @usableFromInline let start: UnsafeRawPointer
    @usableFromInline let count: Int
    /// Padded with zeros; the first one is the lowest.
    @usableFromInline let head: UInt64

    /// What stands behind the last member, and is equal to no name.
    @inline(__always) static var none: MemberKey { MemberKey() }

    private init() {
        unsafe start = UnsafeRawPointer(bitPattern: 1)!
        count = -1
        head = 0
    }

    /// - Parameter readable: how many bytes there are at `start`, those behind the key too.
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

    /// Whether the key is a name, which the compiler knows: all that is left of this are comparisons with words that stand in the code.
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
    /// Whether the same bytes stand at two places, at least eight of them, those before the index `known` aside.
    @inlinable @inline(__always)
    static func isEqual(
        _ left: UnsafeRawPointer, _ right: UnsafeRawPointer, _ count: Int, from known: Int = 0
    ) -> Bool {
        var index = known
        while index < count {
            // The last word ends with the bytes.
            let offset = min(index, count &- 8)
            let word = unsafe left.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            guard unsafe word == right.loadUnaligned(fromByteOffset: offset, as: UInt64.self) else { return false }
            index &+= 8
        }
        return true
    }
}
