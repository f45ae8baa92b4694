import EventJSON
import LinearExpressions

/// The conditions of many patterns in flat arrays: a test is a small value that refers to text by its place.
///
/// So a test can be carried out without touching a reference count, and thousands of patterns are a handful of allocations.
struct ConditionTable: Sendable {
    /// A condition, ready to be tried on a value.
    enum Test: Sendable {
        case null
        case bool(Bool)
        /// The number at an index.
        case number(Int32)
        /// A text.
        case equal(Slice)
        /// One of the texts in a run of `texts`, which is sorted.
        case oneOf(Slice)
        case prefix(Slice)
        case suffix(Slice)
        /// Folded scalars that the whole text folds to.
        case foldedEqual(Slice)
        case foldedPrefix(Slice)
        case foldedSuffix(Slice)
        /// The automaton at an index.
        case automaton(Int32)
        /// A run of words.
        case phrase(Slice)
        /// The numeric range at an index.
        case range(Int32)
        /// The block of addresses at an index.
        case block(Int32)
        /// Any scalar.
        case present
        /// A scalar that satisfies none of a run of tests.
        case none(Slice)
    }

    /// The alternatives of one field.
    struct CompiledLeaf: Sendable {
        var tests: Slice
        /// Whether there may be no value.
        var allowsAbsence: Bool
    }

    /// A number: its spelling, and its value where that counts.
    struct Number: Sendable {
        var text: Slice
        var exact: ExactDecimal?
    }

    /// A word of a phrase.
    struct Word: Sendable {
        var scalars: Slice
        var isPrefix: Bool
    }

    private(set) var tests: [Test] = []
    private(set) var bytes: [UInt8] = []
    private(set) var texts: [Slice] = []
    private(set) var scalars: [UInt32] = []
    private(set) var words: [Word] = []
    private(set) var numbers: [Number] = []
    private(set) var ranges: [NumericRange] = []
    private(set) var blocks: [AddressBlock] = []
    private(set) var automata: [Automaton] = []

    /// Adds the alternatives of a field.
    mutating func append(_ leaf: Leaf) -> CompiledLeaf {
        let conditions = leaf.alternatives.map(\.condition)
        let allowsAbsence = conditions.contains { if case .exists(false) = $0 { true } else { false } }
        return CompiledLeaf(tests: append(anyOf: conditions), allowsAbsence: allowsAbsence)
    }

    /// Adds conditions of which one has to hold; `exists: false` never does for a value.
    private mutating func append(anyOf conditions: [Condition]) -> Slice {
        var made: [Test] = []
        var literals: [String] = []
        for condition in conditions {
            switch condition {
            case .string(let text): literals.append(text)
            case .exists(false): continue
            default: made.append(test(condition))
            }
        }
        if !literals.isEmpty { made.insert(test(anyOf: literals), at: 0) }
        tests += made
        return Slice(tests.count - made.count..<tests.count)
    }

    private mutating func test(_ condition: Condition) -> Test {
        switch condition {
        case .null: .null
        case .bool(let value): .bool(value)
        case .number(let number): .number(append(number))
        case .string(let text): .equal(append(text))
        case .prefix(let text): .prefix(append(text))
        case .suffix(let text): .suffix(append(text))
        case .equalsIgnoringCase(let text): .foldedEqual(append(folded: text))
        case .prefixIgnoringCase(let text): .foldedPrefix(append(folded: text))
        case .suffixIgnoringCase(let text): .foldedSuffix(append(folded: text))
        case .wildcard(let wildcard): .automaton(append(wildcard.automaton))
        case .regexp(let regexp): .automaton(append(regexp.automaton))
        case .phrase(let phrase): .phrase(append(phrase))
        case .numeric(let range): .range(Self.append(range, to: &ranges))
        case .cidr(let block): .block(Self.append(block, to: &blocks))
        case .exists: .present
        case .anythingBut(let conditions): .none(append(anyOf: conditions))
        }
    }

    private mutating func test(anyOf literals: [String]) -> Test {
        if literals.count == 1 { return .equal(append(literals[0])) }
        let slices = literals.map { append($0) }
        let sorted = sorted(slices)
        texts += sorted
        return .oneOf(Slice(texts.count - sorted.count..<texts.count))
    }

    private func sorted(_ slices: [Slice]) -> [Slice] {
        let text = bytes.span.bytes
        return slices.sorted { text.extracting($0.range).compare(text.extracting($1.range)) < 0 }
    }

    private static func append<Element>(_ element: Element, to array: inout [Element]) -> Int32 {
        array.append(element)
        return Int32(array.count - 1)
    }

    private mutating func append(_ automaton: Automaton) -> Int32 { Self.append(automaton, to: &automata) }

    private mutating func append(_ number: NumberLiteral) -> Int32 {
        Self.append(Number(text: append(number.text), exact: number.exact), to: &numbers)
    }

    private mutating func append(_ text: String) -> Slice {
        bytes += text.utf8
        return Slice(bytes.count - text.utf8.count..<bytes.count)
    }

    private mutating func append(folded text: String) -> Slice {
        let start = scalars.count
        scalars += text.unicodeScalars.map { CaseFolding.fold($0.value) }
        return Slice(start..<scalars.count)
    }

    private mutating func append(_ phrase: Phrase) -> Slice {
        let start = words.count
        for word in phrase.words {
            let first = scalars.count
            scalars += word.scalars
            words.append(Word(scalars: Slice(first..<scalars.count), isPrefix: word.isPrefix))
        }
        return Slice(start..<words.count)
    }
}

/// A run of elements in one of the flat arrays that compiled patterns lie in.
struct Slice: Sendable, Hashable {
    var start: Int32
    var count: Int32

    init(_ range: Range<Int>) {
        start = Int32(range.lowerBound)
        count = Int32(range.count)
    }

    @inline(__always)
    var range: Range<Int> { Int(start)..<Int(start) + Int(count) }
}
