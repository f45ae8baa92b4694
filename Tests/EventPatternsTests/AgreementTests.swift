import EventJSON
import EventPatterns
import Testing

/// The engine against the reference on generated patterns and events.
struct AgreementTests {
    @Test(arguments: [UInt64](1...4))
    func engineAgreesWithReference(seed: UInt64) throws {
        var generator = PatternGenerator(seed: seed)
        var verdicts = [0, 0]
        for _ in 0..<60 {
            let patterns = (0..<20).map { _ in generator.pattern() }
            var compiled = CompiledPatterns(try patterns.map { try Pattern(json: $0.description) })
            for _ in 0..<10 {
                let event = generator.event()
                let found = try compiled.matches(event.description)
                let expected = patterns.indices.filter { ReferenceMatcher.matches(patterns[$0], event) }
                verdicts[1] += found.count
                verdicts[0] += patterns.count - found.count
                let wrong = Set(found).symmetricDifference(expected).sorted()
                try #require(
                    found == expected,
                    "seed \(seed): \(event) and \(wrong.map { "\(patterns[$0])" }.joined(separator: " "))")
            }
        }
        // Both answers are common, or the comparison says little.
        #expect(verdicts[0] > 1_000 && verdicts[1] > 1_000, "\(verdicts)")
    }

    /// Few fields, much nesting, many arrays: where the choice of elements is hard.
    @Test(arguments: [UInt64](101...104))
    func choiceOfElementsAgrees(seed: UInt64) throws {
        var generator = PatternGenerator(seed: seed)
        var matched = 0
        for _ in 0..<60 {
            let patterns = (0..<20).map { _ in generator.elementPattern() }
            var compiled = CompiledPatterns(try patterns.map { try Pattern(json: $0.description) })
            for _ in 0..<10 {
                let event = generator.elementEvent()
                let found = try compiled.matches(event.description)
                let expected = patterns.indices.filter { ReferenceMatcher.matches(patterns[$0], event) }
                matched += found.count
                let wrong = Set(found).symmetricDifference(expected).sorted()
                try #require(
                    found == expected,
                    "seed \(seed): \(event) and \(wrong.map { "\(patterns[$0])" }.joined(separator: " "))")
            }
        }
        #expect(matched > 1_000 && matched < 11_000, "\(matched)")
    }
}

extension PatternGenerator {
    mutating func elementPattern() -> JSONValue {
        func leaf() -> JSONValue {
            switch next(6) {
            case 0: [["exists": false]]
            case 1: [["exists": false], 1]
            case 2: [2]
            default: [1]
            }
        }
        var inner = JSONObject()
        for name in ["x", "y", "z"] where next(3) > 0 { inner.append(name, leaf()) }
        var outer = JSONObject()
        if inner.count > 0 { outer.append("g", .object(inner)) }
        for name in ["k", "l"] where next(2) == 0 || outer.count == 0 { outer.append(name, leaf()) }
        return next(4) == 0 ? ["e": .object(outer), "f": leaf()] : ["e": .object(outer)]
    }

    mutating func elementEvent() -> JSONValue {
        func scalar() -> JSONValue {
            next(8) == 0
                ? [.number(JSONNumber(1 + next(2))), [.number(JSONNumber(1 + next(2)))]]
                : .number(JSONNumber(1 + next(2)))
        }
        func object(_ names: [String], _ inner: Bool) -> JSONValue {
            var made = JSONObject()
            for name in names where next(3) > 0 { made.append(name, scalar()) }
            // Now and then the same key twice: two arrays under one path.
            for _ in 0..<(inner ? 1 + next(8) / 7 : 0) { made.append("g", many { object(["x", "y", "z"], false) }) }
            return .object(made)
        }
        func many(_ make: () -> JSONValue) -> JSONValue {
            switch next(6) {
            case 0: make()
            case 1: .array([.array((0..<next(3)).map { _ in make() }), make()])
            default: .array((0..<1 + next(3)).map { _ in make() })
            }
        }
        var event = JSONObject()
        event.append("e", many { object(["k", "l"], true) })
        if next(2) == 0 { event.append("f", scalar()) }
        if next(8) == 0 { event.append("e", many { object(["k", "l"], true) }) }
        return .object(event)
    }
}
