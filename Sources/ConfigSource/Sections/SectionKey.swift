/// A key with the form of its value and the way to read it.
///
/// One declaration serves the reader, the check for unknown keys and the schema for editors:
/// ```swift
/// static let timeout = SectionKey.duration("timeout", "How long it may run.").defaulting(to: .seconds(10))
/// …
/// let timeout = section.read(Self.timeout)
/// ```
/// `Value` is what reading gives: an optional for a key without a default, since it may be absent.
public struct SectionKey<Value>: DeclaredKey {
    /// What is to be known of the key.
    public var form: KeyForm
    let value: @Sendable (inout Section, String) -> Value

    init(_ form: KeyForm, _ value: @escaping @Sendable (inout Section, String) -> Value) {
        self.form = form
        self.value = value
    }

    /// The key.
    public var name: String { form.name }

    /// The same key, which means nothing without another one: any of these.
    public func only(with companions: String...) -> Self {
        var key = self
        key.form.companions = companions
        return key
    }
}

extension Section {
    /// The value of a key: its default, or nil, when it is absent; an error and the same when it is wrong.
    public mutating func read<Value>(_ key: SectionKey<Value>) -> Value {
        if key.form.isRequired { _ = require(key.name, help: key.form.missingHelp) }
        return key.value(&self, key.name)
    }
}

extension SectionKey {
    /// The same key, which has to be there. What is missing is reported, with `help` for what to write.
    public func required(_ help: String? = nil) -> Self {
        var key = self
        key.form.isRequired = true
        key.form.missingHelp = help
        return key
    }

    fileprivate func defaulting<Some: Sendable>(to value: Some, _ written: Node?) -> SectionKey<Some>
    where Value == Some? {
        var form = form
        form.defaultValue = written
        let read = self.value
        return SectionKey<Some>(form) { section, name in read(&section, name) ?? value }
    }
}

extension SectionKey where Value == String? {
    /// A text.
    public static func string(_ name: String, _ summary: String) -> Self {
        SectionKey(KeyForm(name, .string, summary)) { $0.string($1) }
    }

    /// The same key with what counts when it is absent.
    public func defaulting(to value: String) -> SectionKey<String> { defaulting(to: value, .string(value)) }
}

extension SectionKey where Value == Bool? {
    /// `true` or `false`.
    public static func bool(_ name: String, _ summary: String) -> Self {
        SectionKey(KeyForm(name, .bool, summary)) { $0.bool($1) }
    }

    /// The same key with what counts when it is absent.
    public func defaulting(to value: Bool) -> SectionKey<Bool> { defaulting(to: value, .bool(value)) }
}

extension SectionKey where Value == Int? {
    /// A whole number within bounds.
    public static func int(
        _ name: String, in range: ClosedRange<Int> = Int.min...Int.max, _ summary: String
    ) -> Self {
        SectionKey(KeyForm(name, .int(range), summary)) { $0.int($1, in: range) }
    }

    /// A number of bytes within bounds.
    public static func byteSize(_ name: String, in range: ClosedRange<Int> = 0...Int.max, _ summary: String) -> Self {
        SectionKey(KeyForm(name, .byteSize(range), summary)) { $0.byteSize($1, in: range) }
    }

    /// The same key with what counts when it is absent.
    public func defaulting(to value: Int) -> SectionKey<Int> {
        if case .byteSize = form.value { return defaulting(to: value, .string(Measure.text(bytes: value))) }
        return defaulting(to: value, .number(String(value)))
    }
}

extension SectionKey where Value == Duration? {
    /// A time span within bounds.
    public static func duration(_ name: String, in range: ClosedRange<Duration>? = nil, _ summary: String) -> Self {
        SectionKey(KeyForm(name, .duration(range), summary)) { $0.duration($1, in: range) }
    }

    /// The same key with what counts when it is absent.
    public func defaulting(to value: Duration) -> SectionKey<Duration> {
        defaulting(to: value, .string(Measure.text(value)))
    }
}

extension SectionKey where Value == [Duration]? {
    /// A time span within bounds, or a list of them with at least one; their order is for the reader to check.
    public static func durationOrList(
        _ name: String, in range: ClosedRange<Duration>? = nil, _ summary: String
    ) -> Self {
        let form = ValueForm.either([.duration(range), .list(of: .duration(range), atLeast: 1)])
        return SectionKey(KeyForm(name, form, summary)) { $0.durations($1, in: range) }
    }

    /// The same key with what counts when it is absent.
    public func defaulting(to value: Duration) -> SectionKey<[Duration]> {
        defaulting(to: [value], .string(Measure.text(value)))
    }
}

extension SectionKey {
    /// One of the words of an enumeration.
    public static func choice<Word>(_ name: String, _ summary: String) -> Self
    where Word: RawRepresentable<String> & CaseIterable & Sendable, Value == Word? {
        let words = Word.allCases.map(\.rawValue)
        return SectionKey(KeyForm(name, .choice(words), summary)) {
            $0.choice($1, among: words).flatMap(Word.init)
        }
    }

    /// The same key with what counts when it is absent.
    public func defaulting<Word>(to value: Word) -> SectionKey<Word>
    where Word: RawRepresentable<String> & CaseIterable & Sendable, Value == Word? {
        defaulting(to: value, .string(value.rawValue))
    }
}

extension SectionKey {
    /// A list of words of an enumeration; absent it is empty.
    public static func choices<Word>(_ name: String, _ summary: String) -> Self
    where Word: RawRepresentable<String> & CaseIterable & Sendable & Hashable, Value == Set<Word> {
        let words = Word.allCases.map(\.rawValue)
        return SectionKey(KeyForm(name, .list(of: .choice(words)), summary)) {
            Set(($0.choices($1, among: words) ?? []).compactMap(Word.init))
        }
    }
}

extension SectionKey where Value == [String]? {
    /// A list of texts; that there are enough of them is for the reader to check.
    public static func stringList(_ name: String, atLeast count: Int = 0, _ summary: String) -> Self {
        SectionKey(KeyForm(name, .list(of: .string, atLeast: count), summary)) { $0.stringList($1) }
    }

    /// A text, or a list of them with at least one.
    public static func stringOrList(_ name: String, _ summary: String) -> Self {
        let form = ValueForm.either([.string, .list(of: .string, atLeast: 1)])
        return SectionKey(KeyForm(name, form, summary)) { $0.stringOrList($1) }
    }

    /// The same key, without which the list is empty.
    public func defaultingToNone() -> SectionKey<[String]> { defaulting(to: [], nil) }
}

extension SectionKey where Value == Section? {
    /// A mapping with keys of its own; its `finish()` is the reader's to call.
    public static func section(_ name: String, _ form: SectionForm, _ summary: String) -> Self {
        SectionKey(KeyForm(name, .section(form), summary)) { $0.section($1, form) }
    }
}

extension SectionKey where Value == [Node.Entry]? {
    /// A mapping whose keys are names that the author chooses; the reader looks at the values.
    public static func entries(_ name: String, of form: ValueForm, atLeast count: Int = 0, _ summary: String) -> Self {
        SectionKey(KeyForm(name, .mapping(of: form, atLeast: count), summary)) { $0.entries($1) }
    }
}

extension SectionKey where Value == [Node]? {
    /// A list; the reader looks at the elements.
    public static func list(_ name: String, of form: ValueForm, atLeast count: Int = 0, _ summary: String) -> Self {
        SectionKey(KeyForm(name, .list(of: form, atLeast: count), summary)) { $0.list($1) }
    }
}

extension SectionKey where Value == [Node]? {
    /// A program and its arguments; the reader looks at the words.
    public static func command(_ name: String, _ summary: String) -> Self {
        SectionKey(KeyForm(name, .command, summary)) { $0.list($1) }
    }

    /// A program and its arguments, with groups of words that may be left out; the reader looks at the words.
    public static func commandTemplate(_ name: String, _ summary: String) -> Self {
        SectionKey(KeyForm(name, .commandTemplate, summary)) { $0.list($1) }
    }
}

extension SectionKey where Value == Node? {
    /// A value that the reader looks at itself.
    public static func node(_ name: String, _ form: ValueForm, _ summary: String) -> Self {
        SectionKey(KeyForm(name, form, summary)) { $0.node($1) }
    }
}
