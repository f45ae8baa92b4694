/// Looks up members of one object by name, best in the order in which they came: each search begins where the last one ended.
///
/// Of members with the same key the last one counts, as for every decoder.
public struct MemberSearch: Sendable {
    @usableFromInline let outline: JSONOutline
    private let first: Int32
    private let end: Int32
    private let keyMarks: UInt64
    private let mayRepeatKeys: Bool
    /// The key behind the member that was found last.
    private var place: Int32

    /// Makes a search in an object; nil for everything else.
    public init?(_ object: borrowing JSONOutline.Value) {
        let node = object.node
        guard node.kind == .object else { return nil }
        outline = object.outline
        first = object.index &+ 1
        end = node.next
        keyMarks = node.keyMarks
        mayRepeatKeys = node.mayRepeatKeys
        place = first
    }

    /// Where the value of the member with a name is, for ``value(at:)``; -1 when there is none, and when it is null.
    public mutating func index(_ name: StaticString) -> Int32 {
        let index = find(name)
        return index >= 0 && outline.nodes[Int(index)].kind == .null ? -1 : index
    }

    /// The value at an index.
    @inlinable
    public func value(at index: Int32) -> JSONOutline.Value {
        JSONOutline.Value(outline: outline, index: index)
    }

    private mutating func find(_ name: StaticString) -> Int32 {
        let name = UnsafeRawBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
        if mayRepeatKeys || name.isEmpty { return search(name, from: first, to: end, forLast: true) }
        if place < end, outline.isKey(place, name) { return found(place) }
        let mark = unsafe JSONOutline.mark(name[0], name[name.count - 1], name.count)
        if keyMarks & mark == 0 { return -1 }
        let behind = search(name, from: place, to: end)
        let value = behind >= 0 ? behind : search(name, from: first, to: place)
        return value < 0 ? -1 : found(value &- 1)
    }

    @inline(__always)
    private mutating func found(_ key: Int32) -> Int32 {
        place = outline.nodes[Int(key) &+ 1].next
        return key &+ 1
    }

    private func search(
        _ name: UnsafeRawBufferPointer, from start: Int32, to end: Int32, forLast: Bool = false
    ) -> Int32 {
        var found: Int32 = -1
        var key = start
        while key < end {
            if outline.isKey(key, name) {
                found = key &+ 1
                if !forLast { break }
            }
            key = outline.nodes[Int(key) &+ 1].next
        }
        return found
    }
}

extension JSONOutline {
    /// Whether a node is a key with this name.
    @inline(__always)
    fileprivate func isKey(_ index: Int32, _ name: UnsafeRawBufferPointer) -> Bool {
        let key = nodes[Int(index)]
        if key.hasEscapes { return text(key).utf8.elementsEqual(name) }
        guard Int(key.end &- key.start) == name.count else { return false }
        return bytes.withUnsafeBytes { bytes in
            unsafe Self.isEqual(bytes.baseAddress! + Int(key.start), name)
        }
    }

    @inline(__always)
    private static func isEqual(_ text: UnsafeRawPointer, _ name: UnsafeRawBufferPointer) -> Bool {
        var index = 0
        while index &+ 8 <= name.count {
            let word = unsafe text.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            if unsafe word != name.loadUnaligned(fromByteOffset: index, as: UInt64.self) { return false }
            index &+= 8
        }
        while index < name.count {
            if unsafe text.load(fromByteOffset: index, as: UInt8.self) != name[index] { return false }
            index &+= 1
        }
        return true
    }
}
