import ConfigSource
import EventRouter

/// What a handler or a source is made of, as a text: equal for two of which one can do for the other.
struct OptionsFingerprint {
    /// The hash of the text, which holds what variables of the environment do.
    var hash: String { SourceFile(path: "", bytes: Array(text.utf8)).fingerprint }
    private let text: String

    /// - Parameters:
    ///   - options: the options, in which the environment's variables were replaced. Their order does not matter.
    ///   - surroundings: what their paths are relative to.
    init(_ options: Node, _ surroundings: HandlerSurroundings) {
        text =
            [surroundings.folder, surroundings.outputFolder, "\(surroundings.standardOutputIsTaken)"]
            .map { "\($0.debugDescription) " }.joined() + Self.text(of: options)
    }

    private static func text(of node: Node) -> String {
        switch node.content {
        case .scalar(let scalar): "\(scalar.value)"
        case .list(let elements): "[" + elements.map(text).joined(separator: ",") + "]"
        case .mapping(let entries):
            "{" + entries.map { "\($0.name.debugDescription):\(text(of: $0.value))" }.sorted().joined(separator: ",")
                + "}"
        }
    }
}
