extension FieldSlots {
    /// The text of a string; nil if the field is absent or not a string.
    public mutating func string(slot: Int, in text: RawSpan) -> String? {
        string(index(slot), in: text)
    }

    /// A whole number in any spelling; nil if the field is absent, not a whole number or does not fit an `Int`.
    public func int(slot: Int, in text: RawSpan) -> Int? {
        int(index(slot), in: text)
    }

    /// The double nearest to a number; nil if the field is absent, not a number or beyond the greatest finite double.
    public func double(slot: Int, in text: RawSpan) -> Double? {
        double(index(slot), in: text)
    }

    /// `true` or `false`; nil if the field is absent or not a boolean.
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

    /// Whether the field is a string with the same scalars as `other`.
    public mutating func equals(slot: Int, in text: RawSpan, _ other: StaticString) -> Bool {
        equals(index(slot), in: text, other)
    }

    /// The text of the value at `index` in `values`; nil if `index` is -1 or the value is not a string.
    public mutating func string(_ index: Int32, in text: RawSpan) -> String? {
        guard index >= 0, self[index].kind == .string else { return nil }
        return withText(index, in: text) { text in
            unsafe text.withUnsafeBytes { unsafe String(decoding: $0, as: UTF8.self) }
        }
    }

    /// The whole number at `index` in `values`; nil if `index` is -1, or if the value is not a whole number or does not
    /// fit an `Int`.
    public func int(_ index: Int32, in text: RawSpan) -> Int? {
        guard index >= 0, self[index].kind == .number else { return nil }
        return DecimalValue.int(text, self[index].range.offsets)
    }

    /// The double nearest to the number at `index` in `values`; nil if `index` is -1, or if the value is not a number
    /// or beyond the greatest finite double.
    public func double(_ index: Int32, in text: RawSpan) -> Double? {
        guard index >= 0, self[index].kind == .number else { return nil }
        return DecimalValue.double(text, self[index].range.offsets)
    }

    /// Whether the value at `index` in `values` is a string with the same scalars as `other`; false if `index` is -1.
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
    /// Replaces a field's effective value (the last duplicate) with a string; does nothing if the field is absent.
    ///
    /// Later reads return the replacement. The value's range remains that of the original bytes.
    public mutating func replace(_ slot: Int, withText text: StaticString) {
        let index = index(slot)
        guard index >= 0 else { return }
        let start = decodedTexts.count
        text.withUTF8Buffer { unsafe decodedTexts.append(contentsOf: $0) }
        unsafe values[Int(index)].kind = .string
        unsafe values[Int(index)].hasEscapes = true
        unsafe values[Int(index)].textRange = ByteRange(start: Int32(start), end: Int32(decodedTexts.count))
    }

    /// Calls `body` with a value's text in UTF-8: the decoded text of a string, or the original bytes of any other
    /// value.
    ///
    /// The text is copied only if it has escapes. Those are decoded once, however often the text is read.
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
        if value.textRange.start < 0 { decodeEscapes(index, text) }
        return try body(decodedTexts.span.bytes.extracting(self[index].textRange.offsets))
    }

    /// Calls `body` with the text of a field's effective value; returns nil if the field is absent.
    @inlinable
    public mutating func withText<Result>(
        slot: Int, in text: RawSpan, _ body: (RawSpan) throws -> Result
    ) rethrows -> Result? {
        let index = index(slot)
        return index < 0 ? nil : try withText(index, in: text, body)
    }

    @usableFromInline
    mutating func decodeEscapes(_ index: Int32, _ text: RawSpan) {
        let start = decodedTexts.count
        StringDecoding.append(text, self[index].range.offsets, to: &decodedTexts)
        unsafe values[Int(index)].textRange = ByteRange(start: Int32(start), end: Int32(decodedTexts.count))
    }
}

extension FieldSlots {
    /// The unpaired surrogates at both ends of the string at `index` in `values`.
    package func surrogateHalves(_ index: Int32, in text: RawSpan) -> SurrogateHalves {
        guard index >= 0, self[index].kind == .string, self[index].hasEscapes else {
            return SurrogateHalves()
        }
        return SurrogateHalves(text, self[index].range.offsets)
    }
}
