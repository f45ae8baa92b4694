extension FieldPlan {
    /// Reads one event and notes where the values of the wanted fields lie.
    ///
    /// The whole text must be one JSON value with nothing but blanks around it, and all of it is checked as strictly as
    /// ``JSONValue`` does when it parses, wanted or not. Any value is taken, not only objects: see ``FieldSlots/rootKind``. After an
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
    ///
    /// One loop with one place for each kind of token, so that all of it stays in registers: splitting it costs a third of the
    /// speed.
    private func scanContainers(
        _ text: RawSpan, _ start: Int, _ slots: inout FieldSlots
    ) throws(JSONSyntaxError) -> Int {
        var offset = start
        // The step of the plan that the value at `offset` is, or -1 when nobody wants it.
        var node: Int32 = 0
        var depth = 0
        var top = FieldSlots.Frame()
        while true {
            let first = Lexer.byte(text, offset)
            var isComplete = true
            if !Lexer.isOpening(first) {
                offset = try scanScalar(text, offset, first, node, top, &slots)
            } else if node < 0 || first == UInt8(ascii: "{") && !nodes[Int(node)].hasChildren {
                offset = try skipContainer(text, offset, node, depth, top, &slots)
            } else {
                guard depth < Lexer.depthLimit else { throw JSONSyntaxError(.tooDeep, at: offset) }
                slots.frames[depth] = top
                depth &+= 1
                top = open(first, offset, node, top, &slots)
                offset = try Lexer.next(text, offset &+ 1)
                isComplete = Lexer.byte(text, offset) == top.closing
            }
            // Behind a value, or before the end of an empty container: on to the next one.
            while isComplete {
                offset = try Lexer.next(text, offset)
                let byte = Lexer.byte(text, offset)
                offset &+= 1
                if byte == UInt8(ascii: ",") {
                    top.index &+= 1
                    offset = try Lexer.next(text, offset)
                    break
                }
                guard byte == top.closing else {
                    throw JSONSyntaxError(
                        top.isArray ? .expectedCommaOrBracket : .expectedCommaOrBrace, at: offset &- 1)
                }
                slots.close(top.value, offset)
                depth &-= 1
                top = slots.frames[depth]
                if depth == 0 { return offset }
            }
            if top.isArray {
                node = top.node
                continue
            }
            guard Lexer.byte(text, offset) == UInt8(ascii: "\"") else {
                throw JSONSyntaxError(.expectedKey, at: offset)
            }
            let key = offset &+ 1
            var hasEscapes = false
            let end = try Lexer.string(text, key, &hasEscapes)
            node = child(text, key, end, hasEscapes, top.node, &slots)
            offset = try Lexer.colon(text, end &+ 1)
        }
    }

    /// The step that a key leads to, or -1.
    @inline(__always)
    private func child(
        _ text: RawSpan, _ start: Int, _ end: Int, _ hasEscapes: Bool, _ node: Int32, _ slots: inout FieldSlots
    ) -> Int32 {
        if hasEscapes { return escapedChild(text, start..<end, node, &slots) }
        return keys.node(nodes[Int(node)].children, text, start, end)
    }

    @inline(__always)
    private func scanScalar(
        _ text: RawSpan, _ start: Int, _ first: UInt8, _ node: Int32, _ top: FieldSlots.Frame,
        _ slots: inout FieldSlots
    ) throws(JSONSyntaxError) -> Int {
        var kind = JSONKind.null
        var hasEscapes = false
        let end = try Lexer.scalar(text, start, first, &kind, &hasEscapes)
        guard node >= 0 else { return end }
        let slot = nodes[Int(node)].slot
        guard slot >= 0 else { return end }
        let quote = kind == .string ? 1 : 0
        var value = FieldSlots.Value(kind, start &+ quote, end &- quote, top.element, top.isInArray)
        value.hasEscapes = hasEscapes
        slots.append(value, slot)
        return end
    }

    /// Notes an object or array that is wanted as a whole or not at all, and goes behind it.
    private func skipContainer(
        _ text: RawSpan, _ start: Int, _ node: Int32, _ depth: Int, _ top: FieldSlots.Frame,
        _ slots: inout FieldSlots
    ) throws(JSONSyntaxError) -> Int {
        guard node >= 0 else { return try Lexer.skipContainer(text, start, depth) }
        let inner = open(Lexer.byte(text, start), start, node, top, &slots)
        let end = try Lexer.skipContainer(text, start, depth)
        slots.close(inner.value, end)
        return end
    }

    /// Notes an object or array that begins here, if it is wanted itself, and gives the frame for its inside.
    private func open(
        _ opening: UInt8, _ start: Int, _ node: Int32, _ top: FieldSlots.Frame, _ slots: inout FieldSlots
    ) -> FieldSlots.Frame {
        var inner = FieldSlots.Frame(node: node, element: top.element, isInArray: top.isInArray)
        if top.isArray { inner.element = slots.appendElement(top.element, top.array, top.index) }
        let slot = nodes[Int(node)].slot
        if slot >= 0 {
            let kind = opening == UInt8(ascii: "{") ? JSONKind.object : .array
            inner.value = slots.append(FieldSlots.Value(kind, start, start, inner.element, top.isInArray), slot)
        }
        inner.closing = Lexer.closing(opening)
        if inner.isArray {
            inner.array = slots.arrayCount
            inner.isInArray = true
            slots.arrayCount &+= 1
        }
        return inner
    }

    /// As `KeyTable.node`, for a key that is not written as it reads.
    private func escapedChild(
        _ text: RawSpan, _ range: Range<Int>, _ node: Int32, _ slots: inout FieldSlots
    ) -> Int32 {
        slots.key.removeAll(keepingCapacity: true)
        StringDecoding.append(text, range, to: &slots.key)
        return keys.node(nodes[Int(node)].children, slots.key.span.bytes, 0, slots.key.count)
    }
}
