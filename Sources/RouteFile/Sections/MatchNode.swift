public import ConfigSource
public import EventPatterns
public import EventRouter
import RealtimeEvents

/// The content of a `match`: the side whose events it matches, and the pattern.
struct MatchNode {
    /// The sender of the events, from `direction`. Without it the server; derived events count as the server's.
    let side: SessionSide
    /// The mapping without `direction`.
    let pattern: Node
    /// Whether the mapping has only `direction`.
    let isBare: Bool

    /// The key for the sender of the events. It is not a field of events.
    static let direction = "direction"

    /// Separates `direction` from the pattern. Reports an invalid direction and returns nil.
    init?(_ node: Node, _ diagnostics: Diagnostics) {
        guard Self.checkBranches(node, diagnostics) else { return nil }
        guard let entry = node.entries?.first(where: { $0.name == Self.direction }) else {
            (side, pattern, isBare) = (.server, node, false)
            return
        }
        guard let side = entry.value.string.flatMap({ SessionSide(rawValue: $0) }) else {
            let words = SessionSide.allCases.map(\.rawValue)
            diagnostics.error(
                "`direction` must be `server` or `client`, and this is \(entry.value.kindDescription)", at: entry.value,
                help: entry.value.string.flatMap { closest(to: $0, among: words) }.map { "did you mean `\($0)`?" })
            return nil
        }
        self.side = side
        var rest = node
        rest.content = .mapping((node.entries ?? []).filter { $0.name != Self.direction })
        pattern = rest
        isBare = rest.entries?.isEmpty == true
    }

    /// The pattern, or a pattern that matches any event if the mapping has only `direction`.
    var patternOrAny: Node { isBare ? ["type": [["exists": true]]] : pattern }

    /// Reports `direction` inside `$or`, because a pattern matches the events of one side only.
    private static func checkBranches(_ node: Node, _ diagnostics: Diagnostics) -> Bool {
        guard let branches = node["$or"]?.list else { return true }
        let entries = branches.flatMap { $0.entries ?? [] }.filter { $0.name == direction }
        for entry in entries {
            diagnostics.error(
                "`direction` stands beside `$or`, and not in it: a pattern takes the events of one side",
                at: entry.key, help: "make a route for each side")
        }
        return entries.isEmpty && branches.allSatisfy { checkBranches($0, diagnostics) }
    }
}

/// A pattern, and the side whose events it matches.
public struct EventSelection: Sendable {
    /// The pattern.
    public var pattern: Pattern
    /// The sender of the events. Derived events count as the server's.
    public var side: SessionSide

    /// Makes a selection of the events of one side that match a pattern.
    public init(_ pattern: Pattern, from side: SessionSide = .server) {
        self.pattern = pattern
        self.side = side
    }

    /// Parses the content of a `match` from a file of its own, in YAML or JSON.
    ///
    /// Beta names of event types are replaced by the current names. Likely mistakes are warnings, as in a routes.yml.
    ///
    /// - Returns: the selection; nil if there is an error among the diagnostics.
    public static func read(_ file: SourceFile, _ diagnostics: Diagnostics) -> EventSelection? {
        guard let node = YAML.read(file, diagnostics), let match = MatchNode(node, diagnostics) else { return nil }
        let rest = match.patternOrAny
        let pattern = Pattern(rest, diagnostics) { EventType($0).name }
        EventTypeLint(diagnostics: diagnostics, side: match.side).check(rest, pattern)
        LabelLint(diagnostics: diagnostics).check(rest)
        if let pattern { FieldLint(diagnostics).check(rest, EventScope(pattern, interests: nil, from: match.side)) }
        guard let pattern, !diagnostics.hasErrors else { return nil }
        return EventSelection(pattern, from: match.side)
    }

    /// Reads and parses the content of a `match` from a file.
    ///
    /// - Returns: the selection; nil if there is an error among the diagnostics. If the file cannot be read, the error has no file.
    public static func read(path: String, _ diagnostics: Diagnostics) -> EventSelection? {
        SourceFile.read(path, diagnostics).flatMap { read($0, diagnostics) }
    }
}

/// The help for keys at the wrong level of a routes.yml.
enum MisplacedKeys {
    /// The help for an unknown key at the top of the file.
    static func ofFile(_ entry: Node.Entry) -> MisplacedKey? {
        switch entry.name {
        case "redact": MisplacedKey(help: "put it under `privacy`: `privacy: {redact: [{kind: card}]}`")
        case "keep": MisplacedKey(help: "put it under `privacy`: `privacy: {keep: \(short(entry.value) ?? "30d")}`")
        case "functions": MisplacedKey(help: "put it under a handler of the type `function_call`")
        case "prices": MisplacedKey(help: "put it under a handler of the type `metrics`")
        default: nil
        }
    }

    /// The help for an unknown key of a route.
    static func ofRoute(_ entry: Node.Entry) -> MisplacedKey? {
        switch entry.name {
        case "handler", "handlers", "target", "targets", "send_to", "then":
            return MisplacedKey(help: "did you mean `to`?", meant: "to")
        case "every":
            return MisplacedKey(help: "put it under `once_per`: `once_per: {every: \(short(entry.value) ?? "5m")}`")
        case "between", "days", "timezone": return MisplacedKey(help: "put it under `when`: `when: {\(entry.name): …}`")
        case _ where isMatchField(entry.name):
            let value = entry.name == SessionLabel.field ? "{tenant: acme}" : short(entry.value) ?? "…"
            return MisplacedKey(help: "put it under `match`: `match: {\(entry.name): \(value)}`")
        default: return nil
        }
    }

    /// Whether `match` can have this key: a top-level field of events, or a key such as `$or`.
    static func isMatchField(_ name: String) -> Bool {
        ["type", "$or", SessionLabel.field, MatchNode.direction].contains(name) || isEventField(name)
    }

    /// Whether a known event has this top-level field.
    static func isEventField(_ name: String) -> Bool { eventFields.contains(name) }

    /// The top-level fields of all known event types.
    private static let eventFields = Set(EventScope.everything.shape.fieldNames)

    /// A scalar of at most 40 bytes, for a message; else nil.
    private static func short(_ node: Node) -> String? {
        node.scalar.flatMap { (1...40).contains($0.text.utf8.count) ? $0.text : nil }
    }
}
