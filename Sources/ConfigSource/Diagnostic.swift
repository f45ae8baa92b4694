/// Something that is wrong, or doubtful, at a place in a file.
///
/// The message says what is wrong, in lower case and without a full stop; `help` says what to do about it.
public struct Diagnostic: Sendable, Hashable {
    /// How bad it is.
    public enum Severity: String, Sendable, Hashable {
        /// The file cannot be used.
        case error
        /// The file can be used, but probably does not say what its author meant.
        case warning
    }

    /// A second place that belongs to the story: where a name was first defined, for instance.
    public struct Note: Sendable, Hashable {
        /// What there is to see.
        public var message: String
        /// Where; nil when the note is about nothing that stands in a file.
        public var location: SourceLocation?
        /// The file, when it is another than the diagnostic's.
        public var file: SourceFile?

        /// A note on a place, in the diagnostic's own file unless another is given.
        public init(_ message: String, at location: SourceLocation?, in file: SourceFile? = nil) {
            self.message = message
            self.location = location
            self.file = file
        }

        /// A note on a node.
        public init(_ message: String, at node: Node) {
            self.init(message, at: node.file == nil ? nil : node.location, in: node.file)
        }
    }

    /// How bad it is.
    public var severity: Severity
    /// What is wrong.
    public var message: String
    /// Where; nil when it concerns the file as a whole, or no file at all.
    public var location: SourceLocation?
    /// The file; nil when the configuration was made in code.
    public var file: SourceFile?
    /// What to do about it.
    public var help: String?
    /// Further places.
    public var notes: [Note]

    /// A diagnostic from its parts.
    public init(
        _ severity: Severity, _ message: String, at location: SourceLocation? = nil, in file: SourceFile? = nil,
        help: String? = nil, notes: [Note] = []
    ) {
        self.severity = severity
        self.message = message
        self.location = location
        self.file = file
        self.help = help
        self.notes = notes
    }
}
