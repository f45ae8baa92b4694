/// Reads a text into the nodes of a ``JSONOutline``, without recursion.
struct OutlineBuilder {
    private(set) var nodes: [JSONOutline.Node] = []
    /// The innermost container that is open, or -1.
    private var parent: Int32 = -1
    private var depth = 0

    /// - Parameter byteCount: the text's length. An event has a value or key in some 15 bytes, one with audio in many more.
    init(byteCount: Int) {
        nodes.reserveCapacity(8 + min(byteCount / 12, 120))
    }

    mutating func build(_ text: RawSpan) throws(JSONSyntaxError) {
        var offset = try Lexer.begin(text)
        while true {
            let first = Lexer.byte(text, offset)
            var isComplete = true
            if Lexer.isOpening(first) {
                guard depth < Lexer.depthLimit else { throw JSONSyntaxError(.tooDeep, at: offset) }
                open(first, offset)
                offset = try Lexer.next(text, offset &+ 1)
                isComplete = Lexer.byte(text, offset) == Lexer.closing(first)
                if !isComplete, first == UInt8(ascii: "{") { offset = try readKey(text, offset) }
            } else {
                offset = try readScalar(text, offset, first)
            }
            while isComplete {
                guard parent >= 0 else { return try Lexer.finish(text, offset) }
                offset = try Lexer.next(text, offset)
                let isObject = nodes[Int(parent)].kind == .object
                let byte = Lexer.byte(text, offset)
                if byte == UInt8(ascii: ",") {
                    offset = try Lexer.next(text, offset &+ 1)
                    if isObject { offset = try readKey(text, offset) }
                    break
                }
                guard byte == (isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) else {
                    throw JSONSyntaxError(isObject ? .expectedCommaOrBrace : .expectedCommaOrBracket, at: offset)
                }
                offset &+= 1
                close(offset)
            }
        }
    }

    @inline(__always)
    private mutating func open(_ opening: UInt8, _ start: Int) {
        let kind = opening == UInt8(ascii: "{") ? JSONKind.object : .array
        nodes.append(JSONOutline.Node(start: Int32(truncatingIfNeeded: start), end: 0, next: parent, kind: kind))
        parent = Int32(truncatingIfNeeded: nodes.count &- 1)
        depth &+= 1
    }

    @inline(__always)
    private mutating func close(_ end: Int) {
        let index = Int(parent)
        parent = nodes[index].next
        nodes[index].end = Int32(truncatingIfNeeded: end)
        nodes[index].next = Int32(truncatingIfNeeded: nodes.count)
        depth &-= 1
    }

    @inline(__always)
    private mutating func readScalar(
        _ text: RawSpan, _ start: Int, _ first: UInt8
    ) throws(JSONSyntaxError) -> Int {
        var kind = JSONKind.null
        var hasEscapes = false
        let end = try Lexer.scalar(text, start, first, &kind, &hasEscapes)
        let quote = kind == .string ? 1 : 0
        append(kind, start &+ quote, end &- quote, hasEscapes)
        return end
    }

    /// Reads a key and its colon, and goes to the value.
    @inline(__always)
    private mutating func readKey(_ text: RawSpan, _ offset: Int) throws(JSONSyntaxError) -> Int {
        guard Lexer.byte(text, offset) == UInt8(ascii: "\"") else { throw JSONSyntaxError(.expectedKey, at: offset) }
        let start = offset &+ 1
        var hasEscapes = false
        let end = try Lexer.string(text, start, &hasEscapes)
        append(.string, start, end, hasEscapes)
        note(text, start, end, hasEscapes)
        return try Lexer.colon(text, end &+ 1)
    }

    /// Marks a key, the last node, of the innermost object.
    @inline(__always)
    private mutating func note(_ text: RawSpan, _ start: Int, _ end: Int, _ hasEscapes: Bool) {
        let object = Int(parent)
        guard !hasEscapes else {
            // It may read like any other.
            nodes[object].keyMarks = .max
            nodes[object].mayRepeatKeys = true
            return
        }
        // An empty key's mark is made of its quotes.
        let mark = JSONOutline.mark(Lexer.byte(text, start), Lexer.byte(text, end &- 1), end &- start)
        if nodes[object].keyMarks & mark != 0, !nodes[object].mayRepeatKeys, mayBeRepeated(text, object) {
            nodes[object].mayRepeatKeys = true
        }
        nodes[object].keyMarks |= mark
    }

    /// Whether the key that is the last node may stand among the object's earlier ones; of many only the first are looked at.
    private func mayBeRepeated(_ text: RawSpan, _ object: Int) -> Bool {
        let last = nodes.count - 1
        let (start, count) = (Int(nodes[last].start), nodes[last].end - nodes[last].start)
        var index = object + 1
        for _ in 0..<Self.comparedKeys {
            guard index < last else { return false }
            let key = nodes[index]
            if key.end - key.start == count,
                (0..<Int(count)).allSatisfy({ Lexer.byte(text, Int(key.start) + $0) == Lexer.byte(text, start + $0) })
            {
                return true
            }
            index = Int(nodes[index + 1].next)
        }
        return true
    }

    private static let comparedKeys = 32

    @inline(__always)
    private mutating func append(_ kind: JSONKind, _ start: Int, _ end: Int, _ hasEscapes: Bool) {
        nodes.append(
            JSONOutline.Node(
                start: Int32(truncatingIfNeeded: start), end: Int32(truncatingIfNeeded: end),
                next: Int32(truncatingIfNeeded: nodes.count &+ 1), kind: kind, hasEscapes: hasEscapes))
    }
}
