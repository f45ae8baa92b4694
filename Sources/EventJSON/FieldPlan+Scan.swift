extension FieldPlan {
    /// Reads one event and notes where the values of the wanted fields lie.
    ///
    /// The whole text must be one JSON value with nothing but blanks around it, and all of it is checked as strictly as
    /// ``JSONValue/init(parsing:)`` does, wanted or not. Any value is taken, not only objects: see ``FieldSlots/rootKind``. After an
    /// error the slots are empty. Nothing is allocated once `slots` has seen the largest event.
    ///
    /// - Precondition: `slots` was made for this plan.
    public func scan(_ text: RawSpan, into slots: inout FieldSlots) throws(JSONSyntaxError) {
        precondition(slots.slotCount == slotCount, "The slots were made for another plan.")
        slots.begin()
        do throws(JSONSyntaxError) {
            try Lexer.finish(text, scanRoot(text, Lexer.begin(text), &slots))
        } catch {
            slots.begin()
            throw error
        }
    }

    private func scanRoot(
        _ text: RawSpan, _ start: Int, _ slots: inout FieldSlots
    ) throws(JSONSyntaxError) -> Int {
        let first = Lexer.byte(text, start)
        guard Lexer.isOpening(first) else {
            var hasEscapes = false
            return try Lexer.scalar(text, start, first, &slots.rootKind, &hasEscapes)
        }
        slots.rootKind = first == UInt8(ascii: "{") ? .object : .array
        return try scanContainers(text, start, &slots)
    }

    /// Walks the containers that may hold wanted fields; the others are skipped.
    private func scanContainers(
        _ text: RawSpan, _ start: Int, _ slots: inout FieldSlots
    ) throws(JSONSyntaxError) -> Int {
        var offset = start
        var node: Int32 = 0
        var depth = 0
        var top = FieldSlots.Frame()
        while true {
            // A value that a path leads to or through.
            let first = Lexer.byte(text, offset)
            var isClosed = false
            if !Lexer.isOpening(first) {
                offset = try scanScalar(text, offset, first, node, top, &slots)
            } else if first == UInt8(ascii: "{"), !nodes[Int(node)].hasChildren {
                let value = slots.append(nodes[Int(node)].slot, first, offset, top, top.elementNode(&slots))
                offset = try Lexer.skipContainer(text, offset, depth)
                slots.close(value, offset)
            } else {
                guard depth < Lexer.depthLimit else { throw JSONSyntaxError(.tooDeep, at: offset) }
                let element = top.elementNode(&slots)
                let value = slots.append(nodes[Int(node)].slot, first, offset, top, element)
                slots.frames[depth] = top
                depth &+= 1
                top = top.inside(first, node, value, element, &slots)
                offset = try Lexer.next(text, offset &+ 1)
                if Lexer.byte(text, offset) == Lexer.closing(first) {
                    offset &+= 1
                    isClosed = true
                } else if top.isArray {
                    continue
                } else {
                    node = try scanMembers(text, &offset, top.node, depth, &slots)
                    if node >= 0 { continue }
                    isClosed = true
                }
            }
            // Behind a value, and perhaps behind its container.
            while true {
                if isClosed {
                    slots.close(top.value, offset)
                    depth &-= 1
                    top = slots.frames[depth]
                    if depth == 0 { return offset }
                }
                offset = try Lexer.next(text, offset)
                let byte = Lexer.byte(text, offset)
                isClosed = byte == top.closing
                if isClosed {
                    offset &+= 1
                    continue
                }
                guard byte == UInt8(ascii: ",") else {
                    throw JSONSyntaxError(top.isArray ? .expectedCommaOrBracket : .expectedCommaOrBrace, at: offset)
                }
                offset = try Lexer.next(text, offset &+ 1)
                if top.isArray {
                    top.index &+= 1
                    node = top.node
                    break
                }
                node = try scanMembers(text, &offset, top.node, depth, &slots)
                if node >= 0 { break }
                isClosed = true
            }
        }
    }

    /// Goes from an object's key to the next value that is wanted, and gives its step; -1 behind the object's end.
    @inline(__always)
    private func scanMembers(
        _ text: RawSpan, _ offset: inout Int, _ node: Int32, _ depth: Int, _ slots: inout FieldSlots
    ) throws(JSONSyntaxError) -> Int32 {
        while true {
            guard Lexer.byte(text, offset) == UInt8(ascii: "\"") else {
                throw JSONSyntaxError(.expectedKey, at: offset)
            }
            var hasEscapes = false
            let start = offset &+ 1
            let end = try Lexer.string(text, start, &hasEscapes)
            let child =
                hasEscapes
                ? escapedChild(text, start..<end, node, &slots) : nodes[Int(node)].keys.node(text, start, end)
            offset = try Lexer.colon(text, end &+ 1)
            if child >= 0 { return child }
            offset = try Lexer.next(text, Lexer.skipValue(text, offset, depth))
            let byte = Lexer.byte(text, offset)
            if byte == UInt8(ascii: "}") {
                offset &+= 1
                return -1
            }
            guard byte == UInt8(ascii: ",") else { throw JSONSyntaxError(.expectedCommaOrBrace, at: offset) }
            offset = try Lexer.next(text, offset &+ 1)
        }
    }

    @inline(__always)
    private func scanScalar(
        _ text: RawSpan, _ start: Int, _ first: UInt8, _ node: Int32, _ top: FieldSlots.Frame,
        _ slots: inout FieldSlots
    ) throws(JSONSyntaxError) -> Int {
        var kind = JSONKind.null
        var hasEscapes = false
        let end = try Lexer.scalar(text, start, first, &kind, &hasEscapes)
        let slot = nodes[Int(node)].slot
        guard slot >= 0 else { return end }
        let quote = kind == .string ? 1 : 0
        var value = FieldSlots.Value(kind, start &+ quote, end &- quote, top.element, top.isInArray)
        value.hasEscapes = hasEscapes
        slots.append(value, slot)
        return end
    }

    /// As `KeyTable.node`, for a key that is not written as it reads.
    private func escapedChild(
        _ text: RawSpan, _ range: Range<Int>, _ node: Int32, _ slots: inout FieldSlots
    ) -> Int32 {
        slots.key.removeAll(keepingCapacity: true)
        StringDecoding.append(text, range, to: &slots.key)
        return nodes[Int(node)].keys.node(slots.key.span.bytes, 0, slots.key.count)
    }
}
