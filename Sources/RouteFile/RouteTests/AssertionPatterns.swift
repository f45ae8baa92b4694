import EventJSON
import EventPatterns
import EventRouter
import RealtimeEvents

/// The patterns of a test's assertions as the routes of a table, so that events are matched as in a run.
struct AssertionPatterns {
    /// An assertion that refers to its patterns by their numbers.
    struct Assertion {
        let assertion: SessionAssertion
        /// The numbers of the patterns, in the order in which the condition has them.
        let patterns: [Int]
    }

    let assertions: [Assertion]
    /// One route for each pattern.
    let table: RouteTable

    init(_ assertions: [SessionAssertion]) throws {
        var all: [EventSelection] = []
        self.assertions = try assertions.map { assertion in
            let patterns = try Self.patterns(of: assertion.condition)
            defer { all += patterns }
            return Assertion(assertion: assertion, patterns: Array(all.count..<(all.count + patterns.count)))
        }
        table = try RouteTable(
            handlers: [HandlerBinding("nobody", .events { _ in })],
            routes: all.enumerated().map { Route("\($0)", from: $1.side, match: $1.pattern, to: ["nobody"]) })
    }

    private static func patterns(of condition: SessionAssertion.Condition) throws -> [EventSelection] {
        switch condition {
        case .calls(let name, _): [EventSelection(try calls(of: name))]
        case .events(let events, _): [events]
        case .before(let first, let second): [first, second]
        case .within(_, let events, let followers): [events, followers]
        }
    }

    /// The events that say that a call is complete: its start, or its outcome where the recording's client answered it.
    private static func calls(of name: String) throws -> Pattern {
        let types: [EventType] = [.routerFunctionCallReady, .routerFunctionCallDone]
        let pattern: JSONValue = [
            "type": .array(types.map { .string($0.name) }), "name": [["exactly": .string(name)]],
        ]
        return try Pattern(json: pattern.description)
    }
}
