import ConfigSource
import EventJSON
import EventPatterns
import Foundation
import Testing

/// Compares the engine with a reference matcher on 112,000 generated pairs of pattern and event.
///
/// A failure prints the seed and the pair. The environment variable AGREEMENT_SEED selects another seed.
struct AgreementTests {
    private static let seeds: [UInt64] =
        ProcessInfo.processInfo.environment["AGREEMENT_SEED"].flatMap(UInt64.init).map { [$0] } ?? Array(1...4)

    private static let operators = PatternForm.operators.names

    /// Counts matches and mismatches by the features of the patterns.
    private struct Coverage {
        private var verdicts: [String: [Int]] = [:]

        mutating func add(_ names: Set<String>, _ verdict: Bool) {
            for name in names { verdicts[name, default: [0, 0]][verdict ? 1 : 0] += 1 }
        }

        func expect(_ names: [String], atLeast count: Int) {
            for name in names {
                let found = verdicts[name] ?? [0, 0]
                #expect(found.min()! >= count, "\(name): \(found[1]) matches and \(found[0]) others")
            }
        }
    }

    /// Repeatedly compares the results of 20 patterns on 10 events, and passes each result to a closure.
    private func compare(
        seed: UInt64, batches: Int, pattern: (inout PatternGenerator) -> JSONValue,
        event: (inout PatternGenerator) -> JSONValue, tell: (JSONValue, JSONValue, Bool) -> Void
    ) throws {
        var generator = PatternGenerator(seed: seed)
        for _ in 0..<batches {
            let patterns = (0..<20).map { _ in pattern(&generator) }
            var compiled = CompiledPatterns(
                try patterns.map { try Pattern(json: $0.description, lists: PatternGenerator.lists) })
            for _ in 0..<10 {
                let event = event(&generator)
                let found = try compiled.matches(event.description)
                for (index, pattern) in patterns.enumerated() {
                    let verdict = ReferenceMatcher.matches(pattern, event)
                    try #require(
                        found.contains(index) == verdict,
                        "seed \(seed): \(pattern) on \(event) should be \(verdict)")
                    tell(pattern, event, verdict)
                }
            }
        }
    }

    /// Patterns and events with all features.
    @Test(arguments: seeds)
    func matching_agreesWithReference(seed: UInt64) throws {
        var coverage = Coverage()
        try compare(seed: seed, batches: 50, pattern: { $0.pattern() }, event: { $0.event() }) {
            pattern, event, verdict in
            coverage.add(Self.features(pattern).union(Self.shapes(event)), verdict)
        }
        coverage.expect(
            [
                "any", "$or", "$or in $or", "exists false", "several fields", "arrays of objects", "arrays of arrays",
                "keys twice", "inexact numbers", "text beyond ASCII",
            ] + Self.operators, atLeast: 5)
    }

    /// Patterns with a single operator, so that each one is tested for matches and mismatches.
    @Test(arguments: seeds)
    func operators_agreeWithReferenceOneByOne(seed: UInt64) throws {
        var coverage = Coverage()
        try compare(seed: seed, batches: 50, pattern: { $0.single() }, event: { $0.singleEvent() }) {
            pattern, _, verdict in
            coverage.add(Self.features(pattern), verdict)
        }
        let nested = ["equals-ignore-case in prefix", "equals-ignore-case in suffix", "list in phrase"]
        let negated = ["list", "phrase", "prefix", "suffix", "equals-ignore-case", "wildcard", "regexp"]
        coverage.expect(
            Self.operators + ["exists false"] + nested + negated.map { $0 + " in anything-but" },
            atLeast: 5)
    }

    /// Few fields, deep nesting and many arrays, which make the selection of elements hard.
    @Test(arguments: seeds)
    func arrays_agreeWithReference(seed: UInt64) throws {
        var coverage = Coverage()
        try compare(
            seed: seed &+ 100, batches: 40, pattern: { $0.elementPattern() }, event: { $0.elementEvent() }
        ) { pattern, event, verdict in
            coverage.add(Self.features(pattern).union(Self.shapes(event)), verdict)
        }
        coverage.expect(
            ["any", "several fields", "exists false", "arrays of objects", "arrays of arrays", "keys twice"],
            atLeast: 200)
    }

    /// The operators of a pattern, and those inside other operators.
    private static func features(_ pattern: JSONValue) -> Set<String> {
        var names: Set<String> = ["any"]
        func walk(_ value: JSONValue, inside outer: String?, choices: Int) {
            for element in value.array ?? [] { walk(element, inside: outer, choices: choices) }
            guard let members = value.object else { return }
            if members.count > 1 { names.insert("several fields") }
            for (key, member) in members {
                if key == "$or" {
                    names.insert(choices > 0 ? "$or in $or" : "$or")
                } else if operators.contains(key) {
                    names.insert(outer.map { "\(key) in \($0)" } ?? key)
                    if key == "exists", member == .bool(false) { names.insert("exists false") }
                    walk(member, inside: key, choices: choices)
                    continue
                }
                walk(member, inside: nil, choices: key == "$or" ? choices + 1 : choices)
            }
        }
        walk(pattern, inside: nil, choices: 0)
        return names
    }

    /// The features of an event that are hard to match correctly.
    private static func shapes(_ event: JSONValue) -> Set<String> {
        var names: Set<String> = []
        func walk(_ value: JSONValue) {
            for element in value.array ?? [] {
                if element.object != nil { names.insert("arrays of objects") }
                if element.array != nil { names.insert("arrays of arrays") }
                walk(element)
            }
            for (key, member) in value.object ?? [:] {
                if (value.object ?? [:]).filter({ $0.key == key }).count > 1 { names.insert("keys twice") }
                walk(member)
            }
            if case .number(let number) = value, ["9007199254740993", "1e400"].contains(number.text) {
                names.insert("inexact numbers")
            }
            if value.string.map({ !$0.utf8.allSatisfy { $0 < 0x80 } }) ?? false { names.insert("text beyond ASCII") }
        }
        walk(event)
        return names
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
            // Occasionally a duplicate key: two arrays at one path.
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
