import EventJSON
import LinearExpressions

/// The conditions of many patterns in flat arrays. A test is a small value that refers to its texts by index.
///
/// Evaluating a test therefore touches no reference count, and thousands of patterns take only a few allocations.
struct ConditionTable: Sendable {
    /// A condition on one scalar. A `CompactRange` refers to `bytes`, and an `Int32` is an index, unless noted
    /// otherwise.
    enum Test: Sendable {
        case null
        case bool(Bool)
        /// Index into `numbers`.
        case number(Int32)
        /// Equality with a string.
        case equal(CompactRange)
        /// Equality with one of several strings: a range of `texts`, which is sorted in that range.
        case oneOf(CompactRange)
        case prefix(CompactRange)
        case suffix(CompactRange)
        /// Case-insensitive equality: a range of `scalars`, which are case folded.
        case foldedEqual(CompactRange)
        case foldedPrefix(CompactRange)
        case foldedSuffix(CompactRange)
        /// Index into `automata`.
        case automaton(Int32)
        /// A range of `words`.
        case phrase(CompactRange)
        /// Index into `ranges`.
        case range(Int32)
        /// Index into `blocks`.
        case block(Int32)
        /// Any scalar.
        case present
        /// Any scalar that satisfies none of a range of `tests`.
        case none(CompactRange)
    }

    /// The alternatives that a pattern lists for one field.
    struct CompiledLeaf: Sendable {
        var tests: CompactRange
        /// Whether `exists: false` is among the alternatives.
        var allowsAbsence: Bool
    }

    /// A number: its text, and its value if binary64 holds it exactly.
    struct Number: Sendable {
        var text: CompactRange
        var exact: ExactDecimal?
    }

    /// A word of a phrase.
    struct Word: Sendable {
        var scalars: CompactRange
        var isPrefix: Bool
    }

    private(set) var tests: [Test] = []
    private(set) var bytes: [UInt8] = []
    private(set) var texts: [CompactRange] = []
    private(set) var scalars: [UInt32] = []
    private(set) var words: [Word] = []
    private(set) var numbers: [Number] = []
    private(set) var ranges: [NumericRange] = []
    private(set) var blocks: [CIDRBlock] = []
    private(set) var automata: [Automaton] = []

    /// Adds the alternatives of one field.
    mutating func append(_ leaf: Leaf) -> CompiledLeaf {
        let conditions = leaf.alternatives.map(\.condition)
        let allowsAbsence = conditions.contains { if case .exists(false) = $0 { true } else { false } }
        return CompiledLeaf(tests: append(anyOf: conditions), allowsAbsence: allowsAbsence)
    }

    /// Adds alternative conditions: at least one has to hold. Omits `exists: false`, which no value satisfies.
    private mutating func append(anyOf conditions: [Condition]) -> CompactRange {
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
        return CompactRange(tests.count - made.count..<tests.count)
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
        return .oneOf(CompactRange(texts.count - sorted.count..<texts.count))
    }

    private func sorted(_ slices: [CompactRange]) -> [CompactRange] {
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

    private mutating func append(_ text: String) -> CompactRange {
        bytes += text.utf8
        return CompactRange(bytes.count - text.utf8.count..<bytes.count)
    }

    private mutating func append(folded text: String) -> CompactRange {
        let start = scalars.count
        scalars += text.unicodeScalars.map { CaseFolding.fold($0.value) }
        return CompactRange(start..<scalars.count)
    }

    private mutating func append(_ phrase: Phrase) -> CompactRange {
        let start = words.count
        for word in phrase.words {
            let first = scalars.count
            scalars += word.scalars
            words.append(Word(scalars: CompactRange(first..<scalars.count), isPrefix: word.isPrefix))
        }
        return CompactRange(start..<words.count)
    }
}

/// A range of array indices in 8 bytes.
struct CompactRange: Sendable, Hashable {
    var start: Int32
    var count: Int32

    init(_ range: Range<Int>) {
        start = Int32(range.lowerBound)
        count = Int32(range.count)
    }

    @inline(__always)
    var range: Range<Int> { Int(start)..<Int(start) + Int(count) }
}
