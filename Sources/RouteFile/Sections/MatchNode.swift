public import ConfigSource
public import EventPatterns
public import EventRouter
import RealtimeEvents

/// What stands under `match`: whose events, and what they look like.
struct MatchNode {
    /// Who sends the events, as `direction` says; without it the server, or the router that derives them.
    let side: SessionSide
    /// The mapping without `direction`.
    let pattern: Node
    /// Whether nothing but `direction` is there.
    let isBare: Bool

    /// The key that says who sends the events. It is no field of theirs.
    static let direction = "direction"

    /// Takes `direction` out of the mapping of a pattern; returns nil, with a diagnostic, if there is no such direction.
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

    /// The pattern; one that any event matches if only `direction` is there.
    var patternOrAny: Node { isBare ? ["type": [["exists": true]]] : pattern }

    /// Reports a `direction` in a branch of a `$or`: a pattern takes the events of one side.
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

/// The events of one side that match a pattern.
public struct EventSelection: Sendable {
    /// What the events look like.
    public var pattern: Pattern
    /// Who sends them; the events that the router derives count as the server's.
    public var side: SessionSide

    /// The events of one side that match a pattern.
    public init(_ pattern: Pattern, from side: SessionSide = .server) {
        self.pattern = pattern
        self.side = side
    }

    /// Reads what stands under `match` in a routes.yml from a text of its own, in YAML or JSON.
    ///
    /// Beta names of event types mean the names that came after them. What is doubtful becomes a warning, as in a routes.yml.
    ///
    /// - Returns: nil when there is an error among the diagnostics.
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

    /// Reads the same from a file.
    ///
    /// - Returns: nil when there is an error among the diagnostics; one without a file when it cannot be read at all.
    public static func read(path: String, _ diagnostics: Diagnostics) -> EventSelection? {
        SourceFile.read(path, diagnostics).flatMap { read($0, diagnostics) }
    }
}

/// What to write for keys that stand at the wrong level of a routes.yml.
enum MisplacedKeys {
    /// A key at the top of the file.
    static func ofFile(_ entry: Node.Entry) -> MisplacedKey? {
        switch entry.name {
        case "redact": MisplacedKey(help: "put it under `privacy`: `privacy: {redact: [{kind: card}]}`")
        case "keep": MisplacedKey(help: "put it under `privacy`: `privacy: {keep: \(short(entry.value) ?? "30d")}`")
        case "functions": MisplacedKey(help: "put it under a handler of the type `function_call`")
        case "prices": MisplacedKey(help: "put it under a handler of the type `metrics`")
        default: nil
        }
    }

    /// An unknown key of a route.
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

    /// Whether events have a field of this name at their top, or it is another key of `match`.
    static func isMatchField(_ name: String) -> Bool {
        ["type", "$or", SessionLabel.field, MatchNode.direction].contains(name) || isEventField(name)
    }

    /// Whether a known event has a field of this name at its top.
    static func isEventField(_ name: String) -> Bool { eventFields.contains(name) }

    /// The fields at the top of the events of all known types.
    private static let eventFields = Set(EventScope.everything.place.fieldNames)

    /// A word of a value as a message repeats it; nil for one that is long or no word.
    private static func short(_ node: Node) -> String? {
        node.scalar.flatMap { (1...40).contains($0.text.utf8.count) ? $0.text : nil }
    }
}
