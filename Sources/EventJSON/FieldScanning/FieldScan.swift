/// A scan that is under way: where it has come to, and the containers that it is in.
struct FieldScan: ~Copyable {
    /// What has to come next in the text, blanks aside.
    enum Expectation {
        /// The opening quote of a member's key.
        case key
        /// The first byte of a value.
        case value
        /// What follows a value: a comma, or the end of its container.
        case separator
    }

    /// A place between two tokens.
    struct Place {
        /// Where the next token begins, or blanks before it.
        var offset: Int
        /// The index of the first string stop that may lie behind it.
        var stop: Int
        /// The step of the plan that the value to come is, or -1 when nobody wants it.
        var node: Int32
        var expects: Expectation
    }

    var place: Place
    var stops: StringStops
    /// The innermost container.
    var top = ScanFrame()
    /// How many containers are open.
    var depth = 0
}

extension ScanFrame {
    /// What comes first in it, and behind each comma.
    @inline(__always)
    var expectation: FieldScan.Expectation { isArray ? .value : .key }
}

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
        if slots.isAtRest { slots.wake() }
        slots.begin()
        do throws(JSONSyntaxError) {
            try Lexer.finish(text, scanRoot(text, Lexer.begin(text), &slots))
        } catch {
            slots.begin()
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
            place: FieldScan.Place(offset: start, stop: 0, node: 0, expects: .value),
            stops: StringStops(text, slots.room.stops))
        // Nearly every event is an object of which something is wanted: that is known here, and costs no step of its own.
        if slots.rootKind == .object && nodes[0].hasChildren {
            try enter(first, text, &scan, &slots)
        } else {
            try readValue(text, &scan, &slots)
        }
        while scan.depth > 0 {
            switch scan.place.expects {
            case .key: try readMembers(text, &scan, &slots)
            case .value: try readValue(text, &scan, &slots)
            case .separator: try readSeparator(text, &scan, &slots)
            }
        }
        return scan.place.offset
    }

    /// Reads the members of an object, in one go as long as they look usual, then one in any look.
    private func readMembers(
        _ text: RawSpan, _ scan: inout FieldScan, _ slots: inout FieldSlots
    ) throws(JSONSyntaxError) {
        scan.place = readUsualMembers(text, scan.place, scan.stops.offsets, scan.top, &slots)
        if scan.place.expects == .key && text.byteCount &- scan.place.offset < Self.tail {
            scan.place = readLastMembers(text, scan.place, scan.stops.offsets, scan.top, &slots)
        }
        guard scan.place.expects == .key else {
            let offset = scan.place.offset
            if scan.place.expects == .separator, offset < text.byteCount, Lexer.byte(text, offset) == scan.top.closing {
                leave(&scan, &slots)
            }
            return
        }
        let start = scan.place.offset
        guard Lexer.byte(text, start) == UInt8(ascii: "\"") else { throw JSONSyntaxError(.expectedKey, at: start) }
        let key = try scan.stops.string(text, start &+ 1, scan.place.stop)
        let node = child(text, start &+ 1, key, scan.top.node, &slots)
        let value = try Lexer.colon(text, key.end &+ 1)
        scan.place = FieldScan.Place(offset: value, stop: key.next, node: node, expects: .value)
    }

    /// Reads a scalar or skips a container that nobody looks into; enters any other container.
    private func readValue(
        _ text: RawSpan, _ scan: inout FieldScan, _ slots: inout FieldSlots
    ) throws(JSONSyntaxError) {
        let start = try Lexer.next(text, scan.place.offset)
        let node = scan.place.node
        scan.place.offset = start
        let first = Lexer.byte(text, start)
        scan.place.expects = .separator
        if first == UInt8(ascii: "\"") {
            let string = try scan.stops.string(text, start &+ 1, scan.place.stop)
            (scan.place.offset, scan.place.stop) = (string.end &+ 1, string.next)
            slots.note(
                .string, start, string.end &+ 1, slot(node), scan.top.element, scan.top.isInArray,
                hasEscapes: string.hasEscapes)
        } else if !Lexer.isOpening(first) {
            var kind = JSONKind.null
            scan.place.offset = try Lexer.plainScalar(text, start, first, &kind)
            slots.note(kind, start, scan.place.offset, slot(node), scan.top.element, scan.top.isInArray)
        } else if node < 0 {
            try skipContainer(text, &scan.place, &scan.stops, scan.depth)
        } else if first == UInt8(ascii: "{") && !nodes[Int(node)].hasChildren {
            let inner = open(first, start, node, scan.top, &slots)
            try skipContainer(text, &scan.place, &scan.stops, scan.depth)
            slots.close(inner.value, scan.place.offset)
        } else {
            try enter(first, text, &scan, &slots)
        }
    }

    /// Enters the object or array that begins here, of which something is wanted.
    @inline(__always)
    private func enter(
        _ opening: UInt8, _ text: RawSpan, _ scan: inout FieldScan, _ slots: inout FieldSlots
    ) throws(JSONSyntaxError) {
        let start = scan.place.offset
        guard scan.depth < Lexer.depthLimit else { throw JSONSyntaxError(.tooDeep, at: start) }
        unsafe slots.room.frames[scan.depth] = scan.top
        scan.depth &+= 1
        scan.top = open(opening, start, scan.place.node, scan.top, &slots)
        scan.place.offset = try Lexer.next(text, start &+ 1)
        let isEmpty = Lexer.byte(text, scan.place.offset) == scan.top.closing
        scan.place.expects = isEmpty ? .separator : scan.top.expectation
    }

    /// Leaves the container whose last byte is here.
    @inline(__always)
    private func leave(_ scan: inout FieldScan, _ slots: inout FieldSlots) {
        scan.place.offset &+= 1
        slots.close(scan.top.value, scan.place.offset)
        scan.depth &-= 1
        scan.top = unsafe slots.room.frames[scan.depth]
    }

    /// Goes on to the next member or element, or leaves the container.
    private func readSeparator(
        _ text: RawSpan, _ scan: inout FieldScan, _ slots: inout FieldSlots
    ) throws(JSONSyntaxError) {
        let offset = try Lexer.next(text, scan.place.offset)
        let byte = Lexer.byte(text, offset)
        if byte == UInt8(ascii: ",") {
            scan.top.index &+= 1
            scan.place.offset = try Lexer.next(text, offset &+ 1)
            scan.place.node = scan.top.node
            scan.place.expects = scan.top.expectation
            return
        }
        guard byte == scan.top.closing else {
            throw JSONSyntaxError(scan.top.isArray ? .expectedCommaOrBracket : .expectedCommaOrBrace, at: offset)
        }
        scan.place.offset = offset
        leave(&scan, &slots)
    }

    /// The step that a key leads to, or -1.
    private func child(
        _ text: RawSpan, _ start: Int, _ key: StringStops.ReadString, _ node: Int32, _ slots: inout FieldSlots
    ) -> Int32 {
        let children = nodes[Int(node)].children
        guard key.hasEscapes else { return keys.cells[keys.cell(children, text, start, key.end)].node }
        slots.key.removeAll(keepingCapacity: true)
        StringDecoding.append(text, start..<key.end, to: &slots.key)
        return keys.cells[keys.cell(children, slots.key.span.bytes, 0, slots.key.count)].node
    }

    /// The slot of a step, or -1.
    private func slot(_ node: Int32) -> Int32 {
        node < 0 ? -1 : nodes[Int(node)].slot
    }

    /// Notes an object or array that begins here, if it is wanted itself, and gives the frame for its inside.
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
