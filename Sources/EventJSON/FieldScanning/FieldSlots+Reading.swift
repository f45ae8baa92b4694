extension FieldSlots {
    /// The text of a string; nil when the field is absent or something else.
    public mutating func string(slot: Int, in text: RawSpan) -> String? {
        string(index(slot), in: text)
    }

    /// A whole number that fits, however it is spelled; nil when the field is absent or something else.
    public func int(slot: Int, in text: RawSpan) -> Int? {
        int(index(slot), in: text)
    }

    /// The double nearest to a number; nil when the field is absent, something else or beyond the greatest finite one.
    public func double(slot: Int, in text: RawSpan) -> Double? {
        double(index(slot), in: text)
    }

    /// `true` or `false`; nil when the field is absent or something else.
    public func bool(slot: Int) -> Bool? {
        switch value(slot)?.kind {
        case .true: true
        case .false: false
        default: nil
        }
    }

    /// Whether the field is an explicit null.
    public func isNull(slot: Int) -> Bool {
        value(slot)?.kind == .null
    }

    /// Whether the field is a string with this text, scalar by scalar.
    public mutating func equals(slot: Int, in text: RawSpan, _ other: StaticString) -> Bool {
        equals(index(slot), in: text, other)
    }

    /// The text of the string with an index of this scan; nil for -1 and for everything else.
    public mutating func string(_ index: Int32, in text: RawSpan) -> String? {
        guard index >= 0, self[index].kind == .string else { return nil }
        return withText(index, in: text) { text in
            unsafe text.withUnsafeBytes { unsafe String(decoding: $0, as: UTF8.self) }
        }
    }

    /// The whole number with an index of this scan; nil for -1, for everything else and for what does not fit.
    public func int(_ index: Int32, in text: RawSpan) -> Int? {
        guard index >= 0, self[index].kind == .number else { return nil }
        return DecimalReading.int(text, self[index].range.offsets)
    }

    /// The double nearest to the number with an index of this scan; nil for -1 and for everything else.
    public func double(_ index: Int32, in text: RawSpan) -> Double? {
        guard index >= 0, self[index].kind == .number else { return nil }
        return DecimalReading.double(text, self[index].range.offsets)
    }

    /// Whether the value with an index of this scan is a string with this text; false for -1.
    public mutating func equals(_ index: Int32, in text: RawSpan, _ other: StaticString) -> Bool {
        guard index >= 0, self[index].kind == .string else { return false }
        return withText(index, in: text) { text in
            guard text.byteCount == other.utf8CodeUnitCount else { return false }
            return other.withUTF8Buffer { other in
                for index in other.indices where unsafe other[index] != Lexer.byte(text, index) { return false }
                return true
            }
        }
    }
}

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

extension FieldSlots {
    /// The lone halves at the ends of the string with an index of this scan.
    package func surrogateHalves(_ index: Int32, in text: RawSpan) -> SurrogateHalves {
        guard index >= 0, self[index].kind == .string, self[index].hasEscapes else {
            return SurrogateHalves()
        }
        return SurrogateHalves(text, self[index].range.offsets)
    }
}
