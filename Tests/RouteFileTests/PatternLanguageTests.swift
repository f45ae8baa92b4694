import ConfigSource
import EventJSON
import EventPatterns
import EventRouter
import Foundation
import RouteFile
import Testing

/// Runs every example of the reference page of the pattern language.
@Suite struct PatternLanguageTests {
    /// A pattern of the page, with its expected results.
    struct Example: Sendable, CustomTestStringConvertible {
        let line: Int
        let pattern: String
        let lists: String
        var matching: [String] = []
        var others: [String] = []
        var errors: [String] = []

        var testDescription: String { "line \(line): \(pattern)" }

        /// The pattern in a file of its own; nil if it has errors. Then the messages are compared.
        func load() -> (pattern: Pattern?, messages: [String]) {
            let indented = pattern.split(separator: "\n").map { "      \($0)\n" }.joined()
            let text =
                "version: 1\n\(lists)handlers: {out: {type: console}}\nroutes:\n  - name: a\n    to: out\n    match:\n"
                + indented
            let (configuration, diagnostics) = RouteFileTests.load(text)
            let offset = text.split(separator: "\n").count - indented.split(separator: "\n").count
            // Lines are those of the pattern.
            let messages = diagnostics.items.filter { $0.severity == .error }.map { item in
                item.message.replacing(#/in line (\d+)/#) { "in line \((Int($0.1) ?? 0) - offset)" }
            }
            return (configuration?.table.routes.first?.pattern, messages)
        }
    }

    private static let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    private static let page = package.appending(path: "Documentation/reference/patterns.md")

    /// The patterns of the page, each with events under `# matches` and `# does not match`, or with messages after `# error:`.
    static let examples: [Example] = {
        let lines = ((try? String(contentsOf: page, encoding: .utf8)) ?? "").components(separatedBy: "\n")
        var examples: [Example] = []
        var lists = ""
        var start: Int?
        for (number, line) in lines.enumerated() {
            if line == "```yaml pattern" || line == "```yaml fragment" {
                start = number + 1
            } else if line == "```", let first = start {
                let block = Array(lines[first..<number])
                if block.first == "lists:" {
                    lists = block.joined(separator: "\n") + "\n"
                } else {
                    examples.append(example(block, line: first + 1, lists))
                }
                start = nil
            }
        }
        return examples
    }()

    private static func example(_ block: [String], line: Int, _ lists: String) -> Example {
        let end = block.firstIndex { $0.hasPrefix("# ") } ?? block.endIndex
        let pattern = block[..<end].joined(separator: "\n").trimmingCharacters(in: .whitespacesAndNewlines)
        var example = Example(line: line, pattern: pattern, lists: lists)
        var isMatching = false
        for line in block[end...] where !line.isEmpty {
            switch line {
            case "# matches": isMatching = true
            case "# does not match": isMatching = false
            case _ where line.hasPrefix("# error: "): example.errors.append(String(line.dropFirst(9)))
            case _ where isMatching: example.matching.append(line)
            default: example.others.append(line)
            }
        }
        return example
    }

    @Test(arguments: examples)
    func guide_exampleBehavesAsWritten(_ example: Example) throws {
        let (pattern, messages) = example.load()
        #expect(messages == example.errors)
        // Each example has an expectation, and a valid pattern has matching and non-matching events.
        #expect(example.errors.isEmpty != (example.matching.isEmpty && example.others.isEmpty))
        guard example.errors.isEmpty else { return }
        #expect(!example.matching.isEmpty && !example.others.isEmpty)
        let read = try #require(pattern)
        for event in example.matching { #expect(try matches(read, event), "\(event)") }
        for event in example.others { #expect(try !matches(read, event), "\(event)") }
    }

    private func matches(_ pattern: Pattern, _ event: String) throws -> Bool {
        let plan = FieldPlan([["type"]] + pattern.fieldPaths)
        let rules = RuleSet([(id: 0, pattern: pattern)], plan: plan, typeSlot: 0)
        var slots = FieldSlots(plan)
        var result = MatchResult()
        let bytes = Array(event.utf8)
        try plan.scan(bytes.span.bytes, into: &slots)
        rules.match(&slots, bytes.span.bytes, into: &result)
        return !result.isEmpty
    }

    /// The table at the top: each pattern matches a field with the value at the end of its row.
    @Test func operatorTable_patternsBehaveAsWritten() throws {
        let text = try String(contentsOf: Self.page, encoding: .utf8)
        let rows = text.components(separatedBy: "\n").drop { !$0.hasPrefix("| pattern |") }.dropFirst(2)
            .prefix { $0.hasPrefix("|") }.map { $0.split(separator: "|").map(String.init) }
        var operators: Set<String> = []
        for row in rows {
            let value = try #require(row.last).trimmingCharacters(in: CharacterSet(charactersIn: " `"))
            for code in row[0].matches(of: #/`([^`]+)`/#) {
                let example = Example(
                    line: 0, pattern: "a: \(code.1)", lists: "lists: {home_tools: [lights_on, lights_off]}\n")
                // `null` is compared with the value of its row, an operator with the values of all rows.
                let pattern = try #require(example.load().pattern, "\(code.1)")
                #expect(try matches(pattern, #"{"a":\#(value)}"#), "\(code.1)")
                #expect(try !matches(pattern, #"{"a":{"b":"something"}}"#), "\(code.1)")
                operators.formUnion(code.1.matches(of: #/[{]([a-z-]+):/#).map { String($0.1) })
            }
        }
        #expect(operators == Set(PatternForm.operators.names).subtracting(["exactly"]))
    }

    /// The page has a heading and an example for every operator.
    @Test func guide_hasEveryOperator() throws {
        let text = try String(contentsOf: Self.page, encoding: .utf8)
        let headings = text.split(separator: "\n").filter { $0.hasPrefix("### ") }.flatMap {
            $0.dropFirst(4).components(separatedBy: ", ")
        }
        #expect(Self.examples.count > 30)
        for name in PatternForm.operators.names {
            #expect(headings.contains(name), "\(name)")
            #expect(Self.examples.contains { $0.errors.isEmpty && $0.pattern.contains("{ \(name):") }, "\(name)")
        }
    }

    @Test func guide_statesEngineLimits() throws {
        let text = try String(contentsOf: Self.page, encoding: .utf8)
        let limits = [
            PatternLimits.depth, PatternLimits.alternatives, PatternLimits.branches, PatternLimits.stars,
            PatternLimits.stringBytes, PatternLimits.states, PatternLimits.rules,
        ]
        let section = text.components(separatedBy: "\n## Limits\n").last?.components(separatedBy: "\n## ").first ?? ""
        let table = section.split(separator: "\n").filter { $0.hasPrefix("| ") }.compactMap { row in
            Int(row.split(separator: "|").last?.filter { $0.isNumber } ?? "")
        }
        #expect(table == limits)
    }
}
