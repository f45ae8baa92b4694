/// The declaration of one key of a mapping.
public struct KeyForm: Sendable {
    /// The key.
    public var name: String
    /// The allowed values.
    public var value: ValueForm
    /// The meaning of the key, in a sentence for the person who writes the file.
    public var summary: String
    /// Whether the key is required.
    public var isRequired = false
    /// The help for the error if the key is missing.
    public var missingHelp: String?
    /// The default value; nil if there is none.
    public var defaultValue: Node?
    /// This key has an effect only if at least one of these keys is present; empty if it needs no other key.
    public var companions: [String] = []
    /// The name that the key had in the previous version. It is accepted with a warning; nil if the key has not been
    /// renamed.
    public var formerName: String?

    /// Declares an optional key.
    public init(_ name: String, _ value: ValueForm, _ summary: String) {
        self.name = name
        self.value = value
        self.summary = summary
    }
}

/// The declaration of a mapping with fixed keys.
public struct SectionForm: Sendable {
    /// The keys, in the order in which help texts and messages list them.
    public var keys: [KeyForm]
    /// Exactly one of these keys must be present; usually empty.
    public var alternatives: [String]
    /// For an alternative, the key that may be present in its place or beside it; usually empty.
    public var standIns: [String: String]
    /// At least one of these keys must be present; usually empty.
    public var anyOf: [String]
    /// Returns what to write for an unknown key that belongs elsewhere; nil for any other unknown key.
    public var misplaced: @Sendable (Node.Entry) -> MisplacedKey?

    /// Declares a mapping by its keys.
    public init(
        _ keys: [any DeclaredKey], alternatives: [String] = [], standIns: [String: String] = [:], anyOf: [String] = [],
        misplaced: @escaping @Sendable (Node.Entry) -> MisplacedKey? = { _ in nil }
    ) {
        self.keys = keys.map(\.form)
        self.anyOf = anyOf
        self.alternatives = alternatives
        self.standIns = standIns
        self.misplaced = misplaced
    }

    /// The names of the keys.
    public var names: [String] { keys.map(\.name) }

    /// The keys that have no effect beside `name`, because they need another key.
    public func strangers(to name: String) -> [KeyForm] {
        keys.filter { !$0.companions.isEmpty && !$0.companions.contains(name) }
    }
}

/// A key in the wrong mapping, for which the intended key is known.
public struct MisplacedKey: Sendable {
    /// What to write instead.
    public var help: String
    /// The key of this mapping that was meant; nil if the key belongs to another mapping.
    public var meant: String?

    /// Creates a value from its parts.
    public init(help: String, meant: String? = nil) {
        self.help = help
        self.meant = meant
    }
}

/// A key with a declaration.
public protocol DeclaredKey: Sendable {
    /// The key's declaration.
    var form: KeyForm { get }
}

extension KeyForm: DeclaredKey {
    /// The declaration itself.
    public var form: KeyForm { self }
}

/// The allowed values of a key. Both the reader of a file and the schema for editors use it.
public indirect enum ValueForm: Sendable {
    /// Any string.
    case string
    /// A string that is not empty.
    case name
    /// `true` or `false`.
    case bool
    /// A whole number within bounds.
    case int(ClosedRange<Int>)
    /// Any number.
    case number
    /// A duration such as `250ms` or `5s`, optionally within bounds.
    case duration(ClosedRange<Duration>?)
    /// A number of bytes, such as `64KiB` or `4096`, within bounds.
    case byteSize(ClosedRange<Int>)
    /// One of several strings.
    case choice([String])
    /// A program and its arguments: a list of strings, never a shell command line.
    case command
    /// A program and its arguments, with nested lists of strings that may be left out.
    case commandTemplate
    /// A list with a minimum number of elements.
    case list(of: ValueForm, atLeast: Int = 0)
    /// A list with exactly these elements.
    case tuple([ValueForm])
    /// A mapping whose keys are names that the author chooses, with a minimum number of entries.
    case mapping(of: ValueForm, atLeast: Int = 0)
    /// A mapping with fixed keys.
    case section(SectionForm)
    /// Any of several forms.
    case either([ValueForm])
    /// A form that is defined elsewhere under this name.
    case named(String)
    /// Any value.
    case anything

    /// A string, or a list of strings.
    public static let stringOrList = ValueForm.either([.string, .list(of: .string)])
}
