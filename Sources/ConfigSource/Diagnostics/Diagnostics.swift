/// Collects diagnostics, so that all of them can be shown together.
///
/// One collector serves one load. It is not `Sendable`, because loading happens in one task.
public final class Diagnostics {
    private var collected: [Diagnostic] = []
    private var seen: Set<Diagnostic> = []
    private var filter: ((Diagnostic) -> Diagnostic?)?

    /// An empty collector.
    public init() {}

    /// Adds a diagnostic, unless an equal one was added before: a node that several aliases refer to is checked several
    /// times.
    public func add(_ diagnostic: Diagnostic) {
        var diagnostic = diagnostic
        if let filter {
            guard let filtered = filter(diagnostic) else { return }
            diagnostic = filtered
        }
        if seen.insert(diagnostic).inserted { collected.append(diagnostic) }
    }

    /// Runs `body`, and passes each diagnostic that it adds through `filter`. A diagnostic for which `filter` returns
    /// nil is dropped.
    public func filtering<Result>(
        _ body: () throws -> Result, by filter: @escaping (Diagnostic) -> Diagnostic?
    ) rethrows -> Result {
        let outer = self.filter
        self.filter = { diagnostic in
            guard let changed = filter(diagnostic) else { return nil }
            guard let outer else { return changed }
            return outer(changed)
        }
        defer { self.filter = outer }
        return try body()
    }

    /// Removes a diagnostic that a more specific one replaces.
    func remove(_ diagnostic: Diagnostic) {
        guard seen.remove(diagnostic) != nil else { return }
        collected.removeAll { $0 == diagnostic }
    }

    /// Adds an error at a node.
    public func error(_ message: String, at node: Node, help: String? = nil, notes: [Diagnostic.Note] = []) {
        add(.error, message, at: node, help: help, notes: notes)
    }

    /// Adds a warning at a node.
    public func warning(_ message: String, at node: Node, help: String? = nil, notes: [Diagnostic.Note] = []) {
        add(.warning, message, at: node, help: help, notes: notes)
    }

    /// Adds an error at a place in a file, on a whole file (no location), or without a file (both nil).
    public func error(
        _ message: String, at location: SourceLocation? = nil, in file: SourceFile? = nil, help: String? = nil,
        notes: [Diagnostic.Note] = []
    ) {
        add(Diagnostic(.error, message, at: location, in: file, help: help, notes: notes))
    }

    /// Adds a warning at a place in a file, on a whole file (no location), or without a file (both nil).
    public func warning(
        _ message: String, at location: SourceLocation? = nil, in file: SourceFile? = nil, help: String? = nil,
        notes: [Diagnostic.Note] = []
    ) {
        add(Diagnostic(.warning, message, at: location, in: file, help: help, notes: notes))
    }

    private func add(
        _ severity: Diagnostic.Severity, _ message: String, at node: Node, help: String?, notes: [Diagnostic.Note]
    ) {
        let location = node.file == nil ? nil : node.location
        add(Diagnostic(severity, message, at: location, in: node.file, help: help, notes: notes))
    }

    /// All diagnostics, sorted by file and place, then in the order in which they were added.
    public var items: [Diagnostic] {
        collected.enumerated().sorted { a, b in
            let (x, y) = (a.element, b.element)
            let (xPath, yPath) = (x.file?.path ?? "", y.file?.path ?? "")
            if xPath != yPath { return xPath < yPath }
            let start = SourceLocation(line: 0, column: 0)
            let (xPlace, yPlace) = (x.location ?? start, y.location ?? start)
            return xPlace == yPlace ? a.offset < b.offset : xPlace < yPlace
        }.map(\.element)
    }

    /// Whether any diagnostic is an error.
    public var hasErrors: Bool { collected.contains { $0.severity == .error } }

    /// Whether there are no diagnostics.
    public var isEmpty: Bool { collected.isEmpty }

    /// All diagnostics as text, separated by empty lines; empty if there are none.
    public func rendered() -> String {
        items.map { $0.rendered() }.joined(separator: "\n\n")
    }

    /// Throws all diagnostics if any of them is an error.
    public func throwIfErrors() throws(ConfigurationError) {
        if hasErrors { throw ConfigurationError(items) }
    }
}

extension Diagnostics {
    /// All diagnostics for programs: a JSON array of objects with the keys `file`, `line`, `column`, `severity`,
    /// `message` and `help`, one object per line. A missing value is null.
    public func json() -> String {
        let objects = items.map(Self.object)
        return objects.isEmpty ? "[]" : "[\n" + objects.joined(separator: ",\n") + "\n]"
    }

    private static func object(_ diagnostic: Diagnostic) -> String {
        let members = [
            ("file", diagnostic.file.map { literal($0.path) }),
            ("line", diagnostic.location.map { String($0.line) }),
            ("column", diagnostic.location.map { String($0.column) }),
            ("severity", literal(diagnostic.severity.rawValue)),
            ("message", literal(diagnostic.message)),
            ("help", diagnostic.help.map(literal)),
        ]
        return "  {" + members.map { "\"\($0.0)\": \($0.1 ?? "null")" }.joined(separator: ", ") + "}"
    }

    private static func literal(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}

/// The error for a configuration that cannot be used. Its diagnostics say why and include warnings.
public struct ConfigurationError: Error, Sendable, Hashable, CustomStringConvertible {
    /// All diagnostics, sorted by place.
    public let diagnostics: [Diagnostic]

    /// Creates the error from diagnostics. At least one of them should have the severity `error`.
    public init(_ diagnostics: [Diagnostic]) { self.diagnostics = diagnostics }

    /// All diagnostics as text, separated by empty lines.
    public var description: String { diagnostics.map { $0.rendered() }.joined(separator: "\n\n") }
}
