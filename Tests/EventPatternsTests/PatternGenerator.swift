import EventJSON

/// Generates patterns and events from few names and values, so that matches are frequent.
struct PatternGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    /// SplitMix64.
    mutating func next(_ count: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((value ^ (value >> 31)) % UInt64(count))
    }

    private mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[next(elements.count)]
    }

    private static let names = ["a", "b", "type"]
    private static let texts = [
        "", "a", "b", "ab", "ba", "aB", "abc", "é", "É", "e\u{301}", "k", "\u{212A}", "😀a", "a*b", "a b", "b a, ab!",
        "ab\n\"b", "10.0.0.1", "10.9.0.1", "::1", "2001:DB8::5", "10.0.0.01",
    ]
    /// The lists that `{list: NAME}` refers to.
    static let lists: [String: [JSONValue]] = [
        "texts": ["a", "é", "ba"], "numbers": [1, 2], "mixed": ["ab", 1, nil, true],
    ]
    private static let numbers = [
        "0", "-0", "1", "1.0", "1e0", "2", "-1.5", "10", "1e1", "0.1", "9007199254740992", "9007199254740993", "1e400",
    ]

    private mutating func scalar() -> JSONValue {
        switch next(8) {
        case 0: nil
        case 1: .bool(next(2) == 0)
        case 2, 3: .number(JSONNumber(text: pick(Self.numbers))!)
        default: .string(pick(Self.texts))
        }
    }

    /// An object, occasionally with a duplicate key.
    mutating func event(depth: Int = 3) -> JSONValue {
        var object = JSONObject()
        for _ in 0..<1 + next(4) {
            let name = pick(Self.names)
            if object[name] == nil || next(4) == 0 { object.append(name, value(depth: depth - 1)) }
        }
        return .object(object)
    }

    private mutating func value(depth: Int) -> JSONValue {
        guard depth > 0 else { return scalar() }
        switch next(6) {
        case 0: return event(depth: depth)
        case 1, 2: return .array((0..<next(4)).map { _ in value(depth: depth - 1) })
        default: return scalar()
        }
    }

    mutating func pattern(depth: Int = 3) -> JSONValue {
        var object = JSONObject()
        for _ in 0..<1 + next(6) / 3 {
            let name = pick(Self.names)
            guard object[name] == nil else { continue }
            object.append(name, depth > 1 && next(4) == 0 ? pattern(depth: depth - 1) : leaf())
        }
        if depth > 1, next(6) == 0 {
            object.append("$or", .array((0..<2 + next(2)).map { _ in pattern(depth: depth - 1) }))
        }
        return .object(object)
    }

    private mutating func leaf() -> JSONValue {
        if next(6) == 0 { return scalar() }
        return .array((0..<1 + next(4)).map { _ in next(3) == 0 ? scalar() : operation() })
    }

    /// A pattern with one operator on one field, so that the result is that of the operator.
    mutating func single() -> JSONValue { ["a": .array([operation()])] }

    /// An event for that pattern, with one or a few values of the field.
    mutating func singleEvent() -> JSONValue {
        next(4) == 0 ? ["a": .array((0..<next(4)).map { _ in scalar() })] : ["a": scalar()]
    }

    private mutating func operation() -> JSONValue {
        switch next(18) {
        case 0, 1: ["exists": .bool(next(2) == 0)]
        case 2: ["prefix": text()]
        case 3: ["suffix": text()]
        case 4: ["prefix": ["equals-ignore-case": text()]]
        case 5: ["suffix": ["equals-ignore-case": text()]]
        case 6: ["equals-ignore-case": text()]
        case 7: ["wildcard": wildcard()]
        case 8: ["phrase": phrase()]
        case 9: ["numeric": numeric()]
        case 10: ["regexp": regexp()]
        case 11: ["cidr": .string(pick(["10.0.0.1/8", "10.0.0.1/32", "::1/128", "2001:DB8::5/32", "::1/0"]))]
        case 12: ["list": .string(pick(["texts", "numbers", "mixed"]))]
        case 13: ["exactly": text()]
        default: ["anything-but": negation()]
        }
    }

    private mutating func text() -> JSONValue { .string(pick(Self.texts)) }

    private mutating func wildcard() -> JSONValue {
        .string(pick(["*", "a*", "*b", "*b*", "a*b", "a*b*", "*é", "ab", "", "a\\*b", "*a*b*"]))
    }

    private mutating func phrase() -> JSONValue {
        switch next(6) {
        case 0: [words(), words()]
        case 1: ["list": "texts"]
        default: words()
        }
    }

    private mutating func words() -> JSONValue { .string(pick(["a", "b", "a b", "a*", "b a", "a* ab", "é*"])) }

    private mutating func regexp() -> JSONValue {
        .string(
            pick([
                "a+", "[ab]*", "(a|b)b", ".*", "[^a]*", "a{2,3}|b?", "\\p{Lu}.*", "(ab?)+c?", ".", "a\\*b",
                "(a|ab)(c|bc)?",
                "[é-ü]|k", "",
            ]))
    }

    private mutating func numeric() -> JSONValue {
        pick([
            ["=", 1], ["<", 1], ["<=", 1], [">", 0], [">=", 10], [">", -2, "<", 1], [">=", 0, "<=", 2], ["=", 0.1],
            ["<=", -1.5],
        ])
    }

    private mutating func negation() -> JSONValue {
        switch next(12) {
        case 8: ["phrase": [words(), words()]]
        case 9: ["regexp": [regexp(), regexp()]]
        case 10: ["list": .string(pick(["texts", "numbers"]))]
        case 11: [text(), ["list": "texts"]]
        case 0: .number(JSONNumber(text: pick(Self.numbers))!)
        case 1: [1, 2]
        case 2: text()
        case 3: [text(), text()]
        case 4: ["prefix": .string(pick(["a", "b"]))]
        case 5: ["suffix": [.string("b"), .string("é")]]
        case 6: ["wildcard": [wildcard(), wildcard()]]
        default: ["equals-ignore-case": [text(), text()]]
        }
    }
}
