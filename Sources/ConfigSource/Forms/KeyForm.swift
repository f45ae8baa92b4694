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
    /// Keys of which at least one has to be there; usually none.
    public var anyOf: [String]

    /// A mapping from its keys.
    public init(_ keys: [any DeclaredKey], alternatives: [String] = [], anyOf: [String] = []) {
        self.keys = keys.map(\.form)
        self.anyOf = anyOf
        self.alternatives = alternatives
    }

    /// The names of the keys.
    public var names: [String] { keys.map(\.name) }

    /// The keys that mean nothing beside a key, because they need another one.
    public func strangers(to name: String) -> [KeyForm] {
        keys.filter { !$0.companions.isEmpty && !$0.companions.contains(name) }
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
