import ConfigSource
import RouteFile
import Testing

/// A change to a valid file, with all expected diagnostics.
struct SectionMistake: Sendable, CustomTestStringConvertible {
    let name: String
    let text: String
    let rendered: String
    /// Whether the file can be used nevertheless.
    let isLoaded: Bool
    var testDescription: String { name }

    static let base = """
        version: 1
        handlers:
          log: {type: transcript, output: t.jsonl}
          out: {type: console}
          tools: {type: function_call}
        routes:
          - {name: all, to: [log, tools]}
          - {name: more, match: {type: error}, to: out}

        """

    init(
        _ name: String, file: String = base, changes: [(old: String, new: String)] = [], more: String = "",
        rendered: String, isLoaded: Bool = false
    ) {
        self.name = name
        self.rendered = rendered
        self.isLoaded = isLoaded
        var text = file
        for change in changes {
            precondition(text.contains(change.old), "\(name) changes what is not there")
            text.replace(change.old, with: change.new)
        }
        self.text = text + more
    }

    func check() {
        let (configuration, diagnostics) = load(text)
        #expect(diagnostics.rendered() == rendered)
        #expect((configuration != nil) == isLoaded)
        #expect(diagnostics.hasErrors != isLoaded)
    }
}
