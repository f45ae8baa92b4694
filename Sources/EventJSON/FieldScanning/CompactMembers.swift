extension FieldPlan {
    /// Reads members of an object in the look that servers give them: no blanks, and strings, short whole numbers and words as
    /// values, a string without escapes. Stops before whatever looks different.
    ///
    /// Nearly all bytes of an event that are no audio go through this loop. It is a function of its own, and calls none but to note
    /// what is wanted, so that its few variables stay in registers.
    ///
    /// - Parameter place: where a key is expected.
    func readUsualMembers(
        _ text: RawSpan, _ place: FieldScan.Place, _ stops: UnsafeMutablePointer<UInt32>, _ top: ScanFrame,
        _ slots: inout FieldSlots
    ) -> FieldScan.Place {
        // Behind the last key that is read here come its colon and eight bytes more.
        unsafe readWantedMembers(text, place, stops, top, &slots, limit: text.byteCount &- 10) {
            Lexer.four(text, $0)
        } eight: {
            Lexer.eight(text, $0)
        }
    }

    /// How near the end of a text what is left of it is worth another look by ``readLastMembers(_:_:_:_:_:)``.
    static var tail: Int { 64 }

    /// As ``readUsualMembers(_:_:_:_:_:)``, up to the last bytes of the text, which it does not read beyond.
    @inline(never)
    func readLastMembers(
        _ text: RawSpan, _ place: FieldScan.Place, _ stops: UnsafeMutablePointer<UInt32>, _ top: ScanFrame,
        _ slots: inout FieldSlots
    ) -> FieldScan.Place {
        guard text.byteCount >= 8 else { return place }
        return unsafe readWantedMembers(text, place, stops, top, &slots, limit: text.byteCount &- 3) {
            UInt32(truncatingIfNeeded: Lexer.lastEight(text, $0))
        } eight: {
            Lexer.lastEight(text, $0)
        }
    }

    @inline(__always)
    private func readWantedMembers(
        _ text: RawSpan, _ place: FieldScan.Place, _ stops: UnsafeMutablePointer<UInt32>, _ top: ScanFrame,
        _ slots: inout FieldSlots, limit: Int, four: (_ offset: Int) -> UInt32, eight: (_ offset: Int) -> UInt64
    ) -> FieldScan.Place {
        let region = nodes[Int(top.node)].children
        if region.hasEmptyKey { return place }
        return unsafe keys.firstCells.withUnsafeBufferPointer { first in
            unsafe keys.cells.withUnsafeBufferPointer { cells in
                let (first, cells) = (first.baseAddress!, cells.baseAddress!)
                return unsafe readUsualMembers(text, place, stops, limit: limit, four: four, eight: eight) {
                    (start, end) in
                    guard region.mayHaveKey(Lexer.byte(text, start), end &- start) else { return 0 }
                    let head = KeyTable.head(eight(start), end &- start)
                    var index = Int(unsafe first[region.place(head)])
                    while index != 0,
                        unsafe !cells[index].isLike(head, end &- start)
                            || !keys.endsAlike(index, cells[index].tail, text, start, end)
                    {
                        index = Int(unsafe cells[index].next)
                    }
                    return index
                } note: { (kind, start, end, cell) in
                    if cell != 0 { slots.note(kind, start, end, unsafe cells[cell].slot, top.element, top.isInArray) }
                }
            }
        }
    }

    /// As the other one, in an object of which nothing is wanted.
    func skipUsualMembers(
        _ text: RawSpan, _ place: FieldScan.Place, _ stops: UnsafeMutablePointer<UInt32>
    ) -> FieldScan.Place {
        unsafe readUsualMembers(text, place, stops, limit: text.byteCount &- 10) {
            Lexer.four(text, $0)
        } eight: {
            Lexer.eight(text, $0)
        } cell: { (_, _) in
            0
        } note: { (_, _, _, _) in
        }
    }

    /// - Parameters:
    ///   - limit: no key may end here or behind it.
    ///   - four: gives the bytes from an offset before `limit` on, those behind the end of the text as 0.
    ///   - eight: the same, also two bytes behind that.
    @inline(__always)
    private func readUsualMembers(
        _ text: RawSpan, _ place: FieldScan.Place, _ stops: UnsafeMutablePointer<UInt32>, limit: Int,
        four: (_ offset: Int) -> UInt32, eight: (_ offset: Int) -> UInt64,
        cell: (_ start: Int, _ end: Int) -> Int,
        note: (_ kind: JSONKind, _ start: Int, _ end: Int, _ cell: Int) -> Void
    ) -> FieldScan.Place {
        var offset = place.offset
        var stop = unsafe stops + place.stop
        guard Int(unsafe stop[0]) == offset, Lexer.byte(text, offset) == UInt8(ascii: "\"") else { return place }
        // From here on a quote is at `offset` and is the stop at hand, or the window ends and all stops ahead are beyond the limit.
        while true {
            let keyEnd = Int(unsafe stop[1])
            guard keyEnd < limit else { break }
            let behindKey = four(keyEnd)
            let value = keyEnd &+ 2
            guard behindKey & 0xFFFF == Lexer.quoteColon else { break }
            let cell = cell(offset &+ 1, keyEnd)
            if behindKey & 0xFF_FFFF == Lexer.quoteColonQuote {
                let end = Int(unsafe stop[3])
                guard end < text.byteCount, Lexer.byte(text, end) == UInt8(ascii: "\"") else {
                    let node = keys.cells[cell].node
                    return unsafe FieldScan.Place(offset: value, stop: stop + 2 - stops, node: node, expects: .value)
                }
                offset = end &+ 1
                unsafe stop += 4
                note(.string, value, offset, cell)
            } else {
                unsafe stop += 2
                let (kind, count) = Lexer.usualScalar(eight(value))
                guard count > 0 else {
                    let node = keys.cells[cell].node
                    return unsafe FieldScan.Place(offset: value, stop: stop - stops, node: node, expects: .value)
                }
                offset = value &+ count
                note(kind, value, offset, cell)
            }
            guard offset < limit, Lexer.pair(text, offset) == Lexer.commaQuote else {
                return unsafe FieldScan.Place(offset: offset, stop: stop - stops, node: -1, expects: .separator)
            }
            offset &+= 1
        }
        return unsafe FieldScan.Place(offset: offset, stop: stop - stops, node: -1, expects: .key)
    }
}
