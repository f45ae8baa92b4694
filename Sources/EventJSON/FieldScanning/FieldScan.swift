/// The state of a running scan: its position and the open containers.
struct FieldScan: ~Copyable {
    /// The token that must come next, after optional whitespace.
    enum Expectation {
        /// The opening quote of a member's key.
        case key
        /// The first byte of a value.
        case value
        /// A comma, or the end of the container.
        case separator
    }

    /// A position between two tokens.
    struct Position {
        /// The offset of the next token, or of the whitespace before it.
        var offset: Int
        /// The index of the first string stop that may come after the position.
        var stop: Int
        /// The plan's node for the next value, or -1 if the plan does not contain the value.
        var node: Int32
        var expects: Expectation
    }

    var position: Position
    var stops: StringStops
    /// The innermost container.
    var top = ScanFrame()
    /// The number of open containers.
    var depth = 0
}

extension ScanFrame {
    /// The token expected at the start of the container and after each comma.
    @inline(__always)
    var expectation: FieldScan.Expectation { isArray ? .value : .key }
}

extension FieldPlan {
    /// Scans one event, and records the byte ranges of the plan's fields in `slots`.
    ///
    /// The text must be one JSON value, optionally with whitespace around it. The scan checks all of it as strictly as
    /// ``JSONValue`` does when it parses, also the parts that are not in the plan. The value need not be an object: see
    /// ``FieldSlots/rootKind``. After an error, the slots are empty. The scan allocates nothing once `slots` has seen
    /// the largest event.
    ///
    /// - Precondition: `slots` was made for this plan.
    public func scan(_ text: RawSpan, into slots: inout FieldSlots) throws(JSONSyntaxError) {
        precondition(slots.slotCount == slotCount, "The slots were made for another plan.")
        if slots.hasReleasedMemory { slots.acquireMemory() }
        slots.reset()
        do throws(JSONSyntaxError) {
            try Lexer.finish(text, scanRoot(text, Lexer.begin(text), &slots))
        } catch {
            slots.reset()
            throw error
        }
    }

    private func scanRoot(_ text: RawSpan, _ start: Int, _ slots: inout FieldSlots) throws(JSONSyntaxError) -> Int {
        let first = Lexer.byte(text, start)
        guard Lexer.isOpening(first) else {
            var hasEscapes = false
            return try Lexer.scalar(text, start, first, &slots.rootKind, &hasEscapes)
        }
        slots.rootKind = first == UInt8(ascii: "{") ? .object : .array
        var scan = FieldScan(
            position: FieldScan.Position(offset: start, stop: 0, node: 0, expects: .value),
            stops: StringStops(text, slots.memory.stops))
        // Nearly every event is an object with fields in the plan. Entering it directly saves a step.
        if slots.rootKind == .object && nodes[0].hasChildren {
            try enter(first, text, &scan, &slots)
        } else {
            try readValue(text, &scan, &slots)
        }
        while scan.depth > 0 {
            switch scan.position.expects {
            case .key: try readMembers(text, &scan, &slots)
            case .value: try readValue(text, &scan, &slots)
            case .separator: try readSeparator(text, &scan, &slots)
            }
        }
        return scan.position.offset
    }

    /// Reads members of an object: first as many compact members as possible, then the next key in general form.
    private func readMembers(
        _ text: RawSpan, _ scan: inout FieldScan, _ slots: inout FieldSlots
    ) throws(JSONSyntaxError) {
        scan.position = readCompactMembers(text, scan.position, scan.stops.offsets, scan.top, &slots)
        if scan.position.expects == .key && text.byteCount &- scan.position.offset < Self.nearEndBytes {
            scan.position = readCompactMembersNearEnd(text, scan.position, scan.stops.offsets, scan.top, &slots)
        }
        guard scan.position.expects == .key else {
            let offset = scan.position.offset
            if scan.position.expects == .separator, offset < text.byteCount,
                Lexer.byte(text, offset) == scan.top.closing
            {
                leave(&scan, &slots)
            }
            return
        }
        let start = scan.position.offset
        guard Lexer.byte(text, start) == UInt8(ascii: "\"") else { throw JSONSyntaxError(.expectedKey, at: start) }
        let key = try scan.stops.string(text, start &+ 1, scan.position.stop)
        let node = child(text, start &+ 1, key, scan.top.node, &slots)
        let value = try Lexer.colon(text, key.end &+ 1)
        scan.position = FieldScan.Position(offset: value, stop: key.next, node: node, expects: .value)
    }

    /// Reads a scalar, skips a container without planned fields, or enters any other container.
    private func readValue(
        _ text: RawSpan, _ scan: inout FieldScan, _ slots: inout FieldSlots
    ) throws(JSONSyntaxError) {
        let start = try Lexer.next(text, scan.position.offset)
        let node = scan.position.node
        scan.position.offset = start
        let first = Lexer.byte(text, start)
        scan.position.expects = .separator
        if first == UInt8(ascii: "\"") {
            let string = try scan.stops.string(text, start &+ 1, scan.position.stop)
            (scan.position.offset, scan.position.stop) = (string.end &+ 1, string.next)
            slots.record(
                .string, start, string.end &+ 1, slot(node), scan.top.element, scan.top.isInArray,
                hasEscapes: string.hasEscapes)
        } else if !Lexer.isOpening(first) {
            var kind = JSONKind.null
            scan.position.offset = try Lexer.plainScalar(text, start, first, &kind)
            slots.record(kind, start, scan.position.offset, slot(node), scan.top.element, scan.top.isInArray)
        } else if node < 0 {
            try skipContainer(text, &scan.position, &scan.stops, scan.depth)
        } else if first == UInt8(ascii: "{") && !nodes[Int(node)].hasChildren {
            let inner = open(first, start, node, scan.top, &slots)
            try skipContainer(text, &scan.position, &scan.stops, scan.depth)
            slots.close(inner.value, scan.position.offset)
        } else {
            try enter(first, text, &scan, &slots)
        }
    }

    /// Enters the object or array that begins here and may contain planned fields.
    @inline(__always)
    private func enter(
        _ opening: UInt8, _ text: RawSpan, _ scan: inout FieldScan, _ slots: inout FieldSlots
    ) throws(JSONSyntaxError) {
        let start = scan.position.offset
        guard scan.depth < Lexer.depthLimit else { throw JSONSyntaxError(.tooDeep, at: start) }
        unsafe slots.memory.frames[scan.depth] = scan.top
        scan.depth &+= 1
        scan.top = open(opening, start, scan.position.node, scan.top, &slots)
        scan.position.offset = try Lexer.next(text, start &+ 1)
        let isEmpty = Lexer.byte(text, scan.position.offset) == scan.top.closing
        scan.position.expects = isEmpty ? .separator : scan.top.expectation
    }

    /// Leaves the container whose closing byte is at the position.
    @inline(__always)
    private func leave(_ scan: inout FieldScan, _ slots: inout FieldSlots) {
        scan.position.offset &+= 1
        slots.close(scan.top.value, scan.position.offset)
        scan.depth &-= 1
        scan.top = unsafe slots.memory.frames[scan.depth]
    }

    /// Reads a comma and moves to the next member or element, or leaves the container.
    private func readSeparator(
        _ text: RawSpan, _ scan: inout FieldScan, _ slots: inout FieldSlots
    ) throws(JSONSyntaxError) {
        let offset = try Lexer.next(text, scan.position.offset)
        let byte = Lexer.byte(text, offset)
        if byte == UInt8(ascii: ",") {
            scan.top.index &+= 1
            scan.position.offset = try Lexer.next(text, offset &+ 1)
            scan.position.node = scan.top.node
            scan.position.expects = scan.top.expectation
            return
        }
        guard byte == scan.top.closing else {
            throw JSONSyntaxError(scan.top.isArray ? .expectedCommaOrBracket : .expectedCommaOrBrace, at: offset)
        }
        scan.position.offset = offset
        leave(&scan, &slots)
    }

    /// The node that a key leads to, or -1.
    private func child(
        _ text: RawSpan, _ start: Int, _ key: StringStops.ReadString, _ node: Int32, _ slots: inout FieldSlots
    ) -> Int32 {
        let children = nodes[Int(node)].children
        guard key.hasEscapes else { return keys.cells[keys.cell(children, text, start, key.end)].node }
        slots.key.removeAll(keepingCapacity: true)
        StringDecoding.append(text, start..<key.end, to: &slots.key)
        return keys.cells[keys.cell(children, slots.key.span.bytes, 0, slots.key.count)].node
    }

    /// The slot of a node, or -1.
    private func slot(_ node: Int32) -> Int32 {
        node < 0 ? -1 : nodes[Int(node)].slot
    }

    /// Records the object or array that begins here if the plan contains it, and returns the frame for its contents.
    private func open(
        _ opening: UInt8, _ start: Int, _ node: Int32, _ top: ScanFrame, _ slots: inout FieldSlots
    ) -> ScanFrame {
        var inner = ScanFrame(node: node, element: top.element, isInArray: top.isInArray)
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
}
