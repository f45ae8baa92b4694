extension FieldPlan {
    /// Reads members of an object in the compact form that servers send: no whitespace, keys and strings without
    /// escapes, and strings, short whole numbers or literals as values. Stops before the first member in any other
    /// form.
    ///
    /// Nearly all bytes of an event that are not audio pass through this loop. It is a separate function, and calls no
    /// other one except to record planned fields, so that its few variables stay in registers.
    ///
    /// - Parameters:
    ///   - position: The position of the next key.
    ///   - stops: The string stops of the current window, followed by two sentinels: see `StringStops`.
    func readCompactMembers(
        _ text: RawSpan, _ position: FieldScan.Position, _ stops: UnsafeMutablePointer<UInt32>, _ top: ScanFrame,
        _ slots: inout FieldSlots
    ) -> FieldScan.Position {
        // At least ten bytes must follow the end of a key that is read here: its quote, its colon and eight more bytes.
        unsafe readPlannedMembers(text, position, stops, top, &slots, limit: text.byteCount &- 10) {
            Lexer.load32(text, $0)
        } load64: {
            Lexer.load64(text, $0)
        }
    }

    /// The number of bytes at the end of a text that ``readCompactMembersNearEnd(_:_:_:_:_:)`` handles.
    static var nearEndBytes: Int { 64 }

    /// Reads members like ``readCompactMembers(_:_:_:_:_:)``, but to the end of the text, and never loads bytes beyond
    /// the end.
    @inline(never)
    func readCompactMembersNearEnd(
        _ text: RawSpan, _ position: FieldScan.Position, _ stops: UnsafeMutablePointer<UInt32>, _ top: ScanFrame,
        _ slots: inout FieldSlots
    ) -> FieldScan.Position {
        guard text.byteCount >= 8 else { return position }
        return unsafe readPlannedMembers(text, position, stops, top, &slots, limit: text.byteCount &- 3) {
            UInt32(truncatingIfNeeded: Lexer.load64NearEnd(text, $0))
        } load64: {
            Lexer.load64NearEnd(text, $0)
        }
    }

    @inline(__always)
    private func readPlannedMembers(
        _ text: RawSpan, _ position: FieldScan.Position, _ stops: UnsafeMutablePointer<UInt32>, _ top: ScanFrame,
        _ slots: inout FieldSlots, limit: Int, load32: (_ offset: Int) -> UInt32, load64: (_ offset: Int) -> UInt64
    ) -> FieldScan.Position {
        let region = nodes[Int(top.node)].children
        if region.hasEmptyKey { return position }
        return unsafe keys.buckets.withUnsafeBufferPointer { first in
            unsafe keys.cells.withUnsafeBufferPointer { cells in
                let (first, cells) = (first.baseAddress!, cells.baseAddress!)
                return unsafe readCompactMembers(text, position, stops, limit: limit, load32: load32, load64: load64) {
                    (start, end) in
                    guard region.mayHaveKey(Lexer.byte(text, start), end &- start) else { return 0 }
                    let head = KeyTable.head(load64(start), end &- start)
                    var index = Int(unsafe first[region.bucket(head)])
                    while index != 0,
                        unsafe !cells[index].matchesHead(head, end &- start)
                            || !keys.matchesRest(index, cells[index].tail, text, start, end)
                    {
                        index = Int(unsafe cells[index].next)
                    }
                    return index
                } record: { (kind, start, end, cell) in
                    if cell != 0 { slots.record(kind, start, end, unsafe cells[cell].slot, top.element, top.isInArray) }
                }
            }
        }
    }

    /// Skips compact members of an object without planned fields.
    func skipCompactMembers(
        _ text: RawSpan, _ position: FieldScan.Position, _ stops: UnsafeMutablePointer<UInt32>
    ) -> FieldScan.Position {
        unsafe readCompactMembers(text, position, stops, limit: text.byteCount &- 10) {
            Lexer.load32(text, $0)
        } load64: {
            Lexer.load64(text, $0)
        } cell: { (_, _) in
            0
        } record: { (_, _, _, _) in
        }
    }

    /// Reads compact members; the closures supply the loads and what to do with each member.
    ///
    /// - Parameters:
    ///   - limit: The closing quote of each key must be at a lower offset.
    ///   - load32: Returns the four bytes at an offset below `limit`.
    ///   - load64: Returns the eight bytes at an offset below `limit + 2`; bytes beyond the end of the text are 0.
    ///   - cell: Returns the key table's cell for the key at `start..<end`; 0 if the key is not in the plan.
    ///   - record: Records the value of a key.
    @inline(__always)
    private func readCompactMembers(
        _ text: RawSpan, _ position: FieldScan.Position, _ stops: UnsafeMutablePointer<UInt32>, limit: Int,
        load32: (_ offset: Int) -> UInt32, load64: (_ offset: Int) -> UInt64,
        cell: (_ start: Int, _ end: Int) -> Int,
        record: (_ kind: JSONKind, _ start: Int, _ end: Int, _ cell: Int) -> Void
    ) -> FieldScan.Position {
        var offset = position.offset
        var stop = unsafe stops + position.stop
        guard Int(unsafe stop[0]) == offset, Lexer.byte(text, offset) == UInt8(ascii: "\"") else { return position }
        // Invariant: `offset` is at a quote, and `stop[0]` is its offset. Or the window, which is the part of the text
        // whose stops are known, ends before the quote: `stop[0]` and `stop[1]` are then sentinels beyond the limit.
        while true {
            let keyEnd = Int(unsafe stop[1])
            guard keyEnd < limit else { break }
            let afterKey = load32(keyEnd)
            let value = keyEnd &+ 2
            guard afterKey & 0xFFFF == Lexer.quoteColon else { break }
            let cell = cell(offset &+ 1, keyEnd)
            if afterKey & 0xFF_FFFF == Lexer.quoteColonQuote {
                let end = Int(unsafe stop[3])
                guard end < text.byteCount, Lexer.byte(text, end) == UInt8(ascii: "\"") else {
                    let node = keys.cells[cell].node
                    return unsafe FieldScan.Position(offset: value, stop: stop + 2 - stops, node: node, expects: .value)
                }
                offset = end &+ 1
                unsafe stop += 4
                record(.string, value, offset, cell)
            } else {
                unsafe stop += 2
                let (kind, count) = Lexer.compactScalar(load64(value))
                guard count > 0 else {
                    let node = keys.cells[cell].node
                    return unsafe FieldScan.Position(offset: value, stop: stop - stops, node: node, expects: .value)
                }
                offset = value &+ count
                record(kind, value, offset, cell)
            }
            guard offset < limit, Lexer.load16(text, offset) == Lexer.commaQuote else {
                return unsafe FieldScan.Position(offset: offset, stop: stop - stops, node: -1, expects: .separator)
            }
            offset &+= 1
        }
        return unsafe FieldScan.Position(offset: offset, stop: stop - stops, node: -1, expects: .key)
    }
}
