extension JSONOutline.Value {
    /// The text of a string, its escapes undone; nil for everything else.
    public var string: String? {
        let node = node
        guard node.kind == .string else { return nil }
        return outline.text(node)
    }

    /// A whole number that fits, however it is spelled; nil for everything else.
    public var int: Int? {
        let node = node
        guard node.kind == .number else { return nil }
        let bytes = outline.bytes
        return DecimalReading.int(bytes.span.bytes, Int(node.start)..<Int(node.end))
    }

    /// The double nearest to a number; nil for everything else and beyond the greatest finite one.
    public var double: Double? {
        let node = node
        guard node.kind == .number else { return nil }
        let bytes = outline.bytes
        return DecimalReading.double(bytes.span.bytes, Int(node.start)..<Int(node.end))
    }

    /// `true` or `false`; nil for everything else.
    public var bool: Bool? {
        switch kind {
        case .true: true
        case .false: false
        default: nil
        }
    }

    /// Gives every element of an array to `body`, in order; does nothing for everything else.
    public func forEachElement(_ body: (JSONOutline.Value) -> Void) {
        let end = node.next
        guard kind == .array else { return }
        var index = self.index + 1
        while index < end {
            let element = JSONOutline.Value(outline: outline, index: index)
            body(element)
            index = element.node.next
        }
    }

    /// Gives every member of an object to `body`, in order, those with the same key too; does nothing for everything else.
    public func forEachMember(_ body: (String, JSONOutline.Value) -> Void) {
        let end = node.next
        guard kind == .object else { return }
        var index = self.index + 1
        while index < end {
            let value = JSONOutline.Value(outline: outline, index: index + 1)
            body(outline.text(outline.nodes[Int(index)]), value)
            index = value.node.next
        }
    }

    /// The value as a tree of its own.
    public var json: JSONValue {
        let node = node
        if node.kind == .string { return .string(outline.text(node)) }
        let bytes = outline.bytes
        let text = bytes.span.bytes.extracting(Int(node.start)..<Int(node.end))
        // The text was checked when the outline was made.
        return (try? JSONValue(parsing: text)) ?? .null
    }
}

extension JSONOutline {
    /// What a string says.
    func text(_ node: Node) -> String {
        let range = Int(node.start)..<Int(node.end)
        if !node.hasEscapes {
            return bytes.withUnsafeBytes { unsafe String(decoding: $0[range], as: UTF8.self) }
        }
        let bytes = bytes
        var decoded: [UInt8] = []
        StringDecoding.append(bytes.span.bytes, range, to: &decoded)
        return String(decoding: decoded, as: UTF8.self)
    }
}
