import EventJSON
import LinearExpressions

extension ConditionTable {
    /// Whether a scalar satisfies one of a field's alternatives.
    func accepts(_ leaf: CompiledLeaf, _ kind: JSONKind, _ text: RawSpan, _ run: inout AutomatonRun) -> Bool {
        accepts(anyOf: leaf.tests, kind, text, &run)
    }

    private func accepts(anyOf slice: CompactRange, _ kind: JSONKind, _ text: RawSpan, _ run: inout AutomatonRun)
        -> Bool
    {
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
        case .range(let index): return kind == .number && isInRange(ranges[Int(index)], text)
        default: return kind == .string && accepts(test, text, &run)
        }
    }

    /// Evaluates a test that only a string can pass.
    private func accepts(_ test: Test, _ text: RawSpan, _ run: inout AutomatonRun) -> Bool {
        switch test {
        case .equal(let expected): text.isEqual(bytes.span.bytes.extracting(expected.range))
        case .oneOf(let expected): isListed(text, expected)
        case .prefix(let expected): text.starts(with: bytes.span.bytes.extracting(expected.range))
        case .suffix(let expected): text.ends(with: bytes.span.bytes.extracting(expected.range))
        case .foldedEqual(let expected): text.equals(folded: scalars.span.extracting(expected.range))
        case .foldedPrefix(let expected): text.starts(withFolded: scalars.span.extracting(expected.range))
        case .foldedSuffix(let expected): text.ends(withFolded: scalars.span.extracting(expected.range))
        case .automaton(let index): run.accepts(automata[Int(index)], text)
        case .phrase(let words): containsPhrase(words, text)
        case .block(let index): IPAddress(text).map { blocks[Int(index)].contains($0) } ?? false
        default: false
        }
    }

    /// Searches a sorted range of `texts`.
    private func isListed(_ text: RawSpan, _ slice: CompactRange) -> Bool {
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
        // A decimal that equals an exact number is exact itself.
        guard let exact = number.exact else { return false }
        return ExactDecimal(text) == exact
    }

    private func isInRange(_ range: NumericRange, _ text: RawSpan) -> Bool {
        guard let value = ExactDecimal(text), range.contains(value) else { return false }
        return value.isExactInBinary64
    }

    /// Whether a text contains a phrase.
    private func containsPhrase(_ phrase: CompactRange, _ text: RawSpan) -> Bool {
        var scanner = WordScanner()
        let first = scalars[words[phrase.range.lowerBound].scalars.range.lowerBound]
        while scanner.findWord(text) {
            if scanner.mayBegin(with: first, text), containsPhrase(phrase, text, at: scanner.offset) { return true }
            scanner.skipWord(text)
        }
        return false
    }

    private func containsPhrase(_ phrase: CompactRange, _ text: RawSpan, at offset: Int) -> Bool {
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
