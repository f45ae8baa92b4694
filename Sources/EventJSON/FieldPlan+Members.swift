extension FieldPlan {
    /// Reads members of an object in the look that servers give them: no blanks, and strings, short whole numbers and words as
    /// values, a string without escapes. Stops before whatever looks different.
    ///
    /// Nearly all bytes of an event that are no audio go through this loop. It is a function of its own, and calls none but to note
    /// what is wanted, so that its few variables stay in registers.
    ///
    /// - Parameter place: where a key is expected.
    func readUsualMembers(
        _ text: RawSpan, _ place: FieldScan.Place, _ stops: UnsafeMutablePointer<UInt32>, _ top: FieldSlots.Frame,
        _ slots: inout FieldSlots
    ) -> FieldScan.Place {
        let children = nodes[Int(top.node)].children
        return readUsualMembers(text, place, stops) { (start, end) in
            keys.node(children, text, start, end)
        } note: { (kind, start, end, node) in
            if node >= 0 { note(kind, start, end, node, top, &slots) }
        }
    }

    /// As the other one, in an object of which nothing is wanted.
    func skipUsualMembers(
        _ text: RawSpan, _ place: FieldScan.Place, _ stops: UnsafeMutablePointer<UInt32>
    ) -> FieldScan.Place {
        readUsualMembers(text, place, stops) { (_, _) in
            -1
        } note: { (_, _, _, _) in
        }
    }

    @inline(__always)
    private func readUsualMembers(
        _ text: RawSpan, _ place: FieldScan.Place, _ stops: UnsafeMutablePointer<UInt32>,
        node: (_ start: Int, _ end: Int) -> Int32,
        note: (_ kind: JSONKind, _ start: Int, _ end: Int, _ node: Int32) -> Void
    ) -> FieldScan.Place {
        // Behind the last key that is read here come its colon and eight bytes more.
        let limit = text.byteCount &- 10
        var offset = place.offset
        var stop = stops + place.stop
        // Behind the first key this is known.
        guard Lexer.byte(text, offset) == UInt8(ascii: "\"") else { return place }
        while true {
            let keyEnd = Int(stop[1])
            guard Int(stop[0]) == offset, keyEnd < limit, Lexer.pair(text, keyEnd) == Lexer.quoteColon else {
                return FieldScan.Place(offset: offset, stop: stop - stops, node: -1, expects: .key)
            }
            let node = node(offset &+ 1, keyEnd)
            let value = keyEnd &+ 2
            if Lexer.byte(text, value) == UInt8(ascii: "\"") {
                let end = Int(stop[3])
                guard Int(stop[2]) == value, end < text.byteCount, Lexer.byte(text, end) == UInt8(ascii: "\"") else {
                    return FieldScan.Place(offset: value, stop: stop + 2 - stops, node: node, expects: .value)
                }
                offset = end &+ 1
                stop += 4
                note(.string, value, offset, node)
            } else {
                stop += 2
                let (kind, count) = Lexer.usualScalar(Lexer.eight(text, value))
                guard count > 0 else {
                    return FieldScan.Place(offset: value, stop: stop - stops, node: node, expects: .value)
                }
                offset = value &+ count
                note(kind, value, offset, node)
            }
            guard offset < limit, Lexer.pair(text, offset) == Lexer.commaQuote else {
                return FieldScan.Place(offset: offset, stop: stop - stops, node: -1, expects: .separator)
            }
            offset &+= 1
        }
    }
}
