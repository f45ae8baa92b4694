/// What is to be known of one key of a mapping.
public struct KeyForm: Sendable {
    /// The key.
    public var name: String
    /// What may stand under it.
    public var value: ValueForm
    /// What it says, in a sentence for the person who writes the file.
    public var summary: String
    /// Whether it has to be there.
    public var isRequired = false
    /// What to write when it is missing, for the message.
    public var missingHelp: String?
    /// What counts when it is absent; nil when nothing does.
    public var defaultValue: Node?
    /// Keys of which one has to stand beside this one, for it to mean anything; none when it can stand alone.
    public var companions: [String] = []

    /// A key that may be there.
    public init(_ name: String, _ value: ValueForm, _ summary: String) {
        self.name = name
        self.value = value
        self.summary = summary
    }
}

/// What is to be known of a mapping that has keys of its own.
public struct SectionForm: Sendable {
    /// The keys, in the order in which people are told of them.
    public var keys: [KeyForm]
    /// Keys of which exactly one has to be there; usually none.
    public var alternatives: [String]
    /// Keys that may be there in place of an alternative or beside it, by that alternative; usually none.
    public var standIns: [String: String]
    /// Keys of which at least one has to be there; usually none.
    public var anyOf: [String]
    /// What to write for an unknown key that means something elsewhere; nil for one that means nothing.
    public var misplaced: @Sendable (Node.Entry) -> MisplacedKey?

    /// A mapping from its keys.
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

    /// The keys that mean nothing beside a key, because they need another one.
    public func strangers(to name: String) -> [KeyForm] {
        keys.filter { !$0.companions.isEmpty && !$0.companions.contains(name) }
    }
}

/// A key in a mapping that does not have it, of which it is known what was meant.
public struct MisplacedKey: Sendable {
    /// What to write instead.
    public var help: String
    /// The key of the mapping that was meant; nil if it belongs into another mapping.
    public var meant: String?

    /// A key with what to write instead.
    public init(help: String, meant: String? = nil) {
        self.help = help
        self.meant = meant
    }
}

/// A key that says what may stand under it.
public protocol DeclaredKey: Sendable {
    /// What is to be known of it.
    var form: KeyForm { get }
}

extension KeyForm: DeclaredKey {
    /// Itself.
    public var form: KeyForm { self }
}

/// What may stand as a value: what a reader accepts and what a schema for editors says, in one.
public indirect enum ValueForm: Sendable {
    /// Any text.
    case string
    /// A text that is not empty.
    case name
    /// `true` or `false`.
    case bool
    /// A whole number within bounds.
    case int(ClosedRange<Int>)
    /// A number, however large.
    case number
    /// A time span such as `250ms` or `5s`, within bounds if there are any.
    case duration(ClosedRange<Duration>?)
    /// A number of bytes, such as `64KiB` or `4096`, within bounds.
    case byteSize(ClosedRange<Int>)
    /// One of several words.
    case choice([String])
    /// A program and its arguments: a list of words, never a line for a shell.
    case command
    /// The same, with lists of words in it that may be left out.
    case commandTemplate
    /// A list, of at least so many elements.
    case list(of: ValueForm, atLeast: Int = 0)
    /// A list of exactly these elements.
    case tuple([ValueForm])
    /// A mapping whose keys are names that the author chooses, at least so many.
    case mapping(of: ValueForm, atLeast: Int = 0)
    /// A mapping with keys of its own.
    case section(SectionForm)
    /// Any of several forms.
    case either([ValueForm])
    /// A form that is described elsewhere, under this name.
    case named(String)
    /// Whatever can be written.
    case anything

    /// A text, or a list of texts.
    public static let stringOrList = ValueForm.either([.string, .list(of: .string)])
}
