extension FieldSlots {
    /// Puts a text in place of the value that a decoder would see, as a string; does nothing when there is none.
    ///
    /// Everything below then reads the text; the value's range still is that of the bytes that came.
    public mutating func replace(_ slot: Int, withText text: StaticString) {
        let index = index(slot)
        guard index >= 0 else { return }
        let start = side.count
        text.withUTF8Buffer { unsafe side.append(contentsOf: $0) }
        unsafe values[Int(index)].kind = .string
        unsafe values[Int(index)].hasEscapes = true
        unsafe values[Int(index)].side = ByteRange(start: Int32(start), end: Int32(side.count))
    }

    /// Gives a value's text to `body`: a string's with its escapes undone, the bytes of everything else as they came.
    ///
    /// It is UTF-8. Nothing is copied unless there are escapes, and those are undone once, however often the text is asked for.
    @inlinable
    public mutating func withText<Result>(
        _ index: Int32, in text: RawSpan, _ body: (RawSpan) throws -> Result
    ) rethrows -> Result {
        let value = self[index]
        guard value.hasEscapes else {
            precondition(Int(value.range.end) <= text.byteCount, "The text is not the one that was scanned.")
            let range = unsafe Range(uncheckedBounds: (Int(value.range.start), Int(value.range.end)))
            return try body(unsafe text.extracting(unchecked: range))
        }
        if value.side.start < 0 { undoEscapes(index, text) }
        return try body(side.span.bytes.extracting(self[index].side.offsets))
    }

    /// Gives the text of the value that a decoder would see to `body`; nil when there is none.
    @inlinable
    public mutating func withText<Result>(
        slot: Int, in text: RawSpan, _ body: (RawSpan) throws -> Result
    ) rethrows -> Result? {
        let index = index(slot)
        return index < 0 ? nil : try withText(index, in: text, body)
    }

    @usableFromInline
    mutating func undoEscapes(_ index: Int32, _ text: RawSpan) {
        let start = side.count
        StringDecoding.append(text, self[index].range.offsets, to: &side)
        unsafe values[Int(index)].side = ByteRange(start: Int32(start), end: Int32(side.count))
    }
}
