/// Where every value of one JSON text lies: its tree in flat form, over the text itself.
///
/// For reading a text whole and once, as typed payloads do: no string is made of what nobody asks for. A ``FieldPlan`` is for a few
/// fields of many texts, a ``JSONValue`` for a tree that is kept.
public final class JSONOutline: Sendable {
    /// A value, or the key in front of one.
    struct Node: Sendable {
        var start: Int32
        /// Of a string without its quotes, of everything else whole.
        var end: Int32
        /// The node behind this one and all that is inside it; while a container is open, the one around it.
        var next: Int32
        var kind: JSONKind
        var hasEscapes = false
        /// Of an object: whether two of its keys may be the same.
        var mayRepeatKeys = false
        /// Of an object: a mark for each key. A key whose mark is missing is not there.
        var keyMarks: UInt64 = 0
    }

    let bytes: [UInt8]
    let nodes: [Node]

    /// Reads bytes that are one JSON value, as strictly as ``JSONValue`` does.
    public init(parsing bytes: [UInt8]) throws(JSONSyntaxError) {
        self.bytes = bytes
        var builder = OutlineBuilder(byteCount: bytes.count)
        try builder.build(bytes.span.bytes)
        nodes = builder.nodes
    }

    /// The whole text's value.
    public var root: Value { Value(outline: self, index: 0) }

    /// A value of the text.
    public struct Value: Sendable {
        @usableFromInline let outline: JSONOutline
        @usableFromInline let index: Int32

        @inlinable
        init(outline: JSONOutline, index: Int32) {
            self.outline = outline
            self.index = index
        }

        @inline(__always)
        var node: Node { outline.nodes[Int(index)] }

        /// What it is.
        public var kind: JSONKind { node.kind }
    }

    /// The mark of a key in ``Node/keyMarks``. The factors keep the keys of nearly all objects of the protocol apart.
    @inline(__always)
    static func mark(_ first: UInt8, _ last: UInt8, _ count: Int) -> UInt64 {
        let mixed = UInt64(truncatingIfNeeded: count) &* 11 &+ UInt64(first) &* 31 &+ UInt64(last) &* 23
        return 1 &<< (mixed & 63)
    }
}
