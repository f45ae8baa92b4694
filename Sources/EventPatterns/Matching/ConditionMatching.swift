import EventJSON
import LinearExpressions

extension ConditionTable {
    /// Whether a scalar satisfies one of a field's alternatives.
    func accepts(_ leaf: CompiledLeaf, _ kind: JSONKind, _ text: RawSpan, _ run: inout AutomatonRun) -> Bool {
        accepts(anyOf: leaf.tests, kind, text, &run)
    }

    private func accepts(anyOf slice: Slice, _ kind: JSONKind, _ text: RawSpan, _ run: inout AutomatonRun) -> Bool {
        for index in slice.range where accepts(tests[index], kind, text, &run) { return true }
        return false
    }

    private func accepts(_ test: Test, _ kind: JSONKind, _ text: RawSpan, _ run: inout AutomatonRun) -> Bool {
        switch test {
        case .present: return true
        case .none(let tests): return !accepts(anyOf: tests, kind, text, &run)
        case .null: return kind == .null
        case .bool(let value): return kind == (value ? .true : .false)
        case .number(let index): return kind == .number && isEqual(numbers[Int(index)], text)
        case .range(let index): return kind == .number && isInside(ranges[Int(index)], text)
        default: return kind == .string && accepts(test, text, &run)
        }
    }

    /// Tries a test that only a string can pass.
    private func accepts(_ test: Test, _ text: RawSpan, _ run: inout AutomatonRun) -> Bool {
        switch test {
        case .equal(let wanted): text.isEqual(bytes.span.bytes.extracting(wanted.range))
        case .oneOf(let wanted): isListed(text, wanted)
        case .prefix(let wanted): text.starts(with: bytes.span.bytes.extracting(wanted.range))
        case .suffix(let wanted): text.ends(with: bytes.span.bytes.extracting(wanted.range))
        case .foldedEqual(let wanted): text.equals(folded: scalars.span.extracting(wanted.range))
        case .foldedPrefix(let wanted): text.starts(withFolded: scalars.span.extracting(wanted.range))
        case .foldedSuffix(let wanted): text.ends(withFolded: scalars.span.extracting(wanted.range))
        case .automaton(let index): run.accepts(automata[Int(index)], text)
        case .phrase(let words): says(words, text)
        case .block(let index): Address(text).map { blocks[Int(index)].contains($0) } ?? false
        default: false
        }
    }

    /// Looks a text up among sorted ones.
    private func isListed(_ text: RawSpan, _ slice: Slice) -> Bool {
        var range = slice.range
        while !range.isEmpty {
            let middle = (range.lowerBound + range.upperBound) / 2
            let order = text.compare(bytes.span.bytes.extracting(texts[middle].range))
            if order == 0 { return true }
            range = order < 0 ? range.lowerBound..<middle : middle + 1..<range.upperBound
        }
        return false
    }

    private func isEqual(_ number: Number, _ text: RawSpan) -> Bool {
        if text.isEqual(bytes.span.bytes.extracting(number.text.range)) { return true }
        // What equals an exact number as a decimal is exact itself.
        guard let exact = number.exact else { return false }
        return ExactDecimal(text) == exact
    }

    private func isInside(_ range: NumericRange, _ text: RawSpan) -> Bool {
        guard let value = ExactDecimal(text), range.contains(value) else { return false }
        return value.isExactInBinary64
    }

    /// Whether a phrase stands anywhere in a text.
    private func says(_ phrase: Slice, _ text: RawSpan) -> Bool {
        var scanner = WordScanner()
        let first = scalars[words[phrase.range.lowerBound].scalars.range.lowerBound]
        while scanner.findWord(text) {
            if scanner.mayBegin(with: first, text), says(phrase, text, at: scanner.offset) { return true }
            scanner.skipWord(text)
        }
        return false
    }

    private func says(_ phrase: Slice, _ text: RawSpan, at offset: Int) -> Bool {
        var scanner = WordScanner(at: offset)
        for index in phrase.range {
            guard scanner.findWord(text) else { return false }
            let word = words[index]
            for scalar in word.scalars.range where scanner.nextInWord(text) != scalars[scalar] { return false }
            if word.isPrefix {
                scanner.skipWord(text)
            } else if scanner.nextInWord(text) != nil {
                return false
            }
        }
        return true
    }
}
