// DELETE THIS FILE when the real Pattern, RuleSet and MatchResult land: it only lets EventRouter compile meanwhile.
public import EventJSON
public struct Pattern: Sendable { public init(json: String) throws {} ; public var fieldPaths: [[String]] { [] } ; public func mayMatch(type: String) -> Bool { true } }
public struct MatchResult: Sendable { public init() {}; public var ids: [Int] { [] }; public var isEmpty: Bool { true } }
public struct RuleSet: Sendable { public init(_ rules: [(id: Int, pattern: Pattern)], plan: FieldPlan, typeSlot: Int) {}
 public func match(_ slots: inout FieldSlots, _ text: RawSpan, into m: inout MatchResult) {} }
