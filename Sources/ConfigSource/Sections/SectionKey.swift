/// A key with its declaration and the function that reads its value.
///
/// One declaration serves the reader, the check for unknown keys and the schema for editors:
/// ```swift
/// static let timeout = SectionKey.duration("timeout", "How long it may run.").defaulting(to: .seconds(10))
/// …
/// let timeout = section.read(Self.timeout)
/// ```
/// `Value` is the type of the result. It is optional for a key without a default, because the key may be absent.
public struct SectionKey<Value>: DeclaredKey {
    /// The key's declaration.
    public var form: KeyForm
    let value: @Sendable (inout Section, String) -> Value

    init(_ form: KeyForm, _ value: @escaping @Sendable (inout Section, String) -> Value) {
        self.form = form
        self.value = value
    }

    /// The key.
    public var name: String { form.name }

    /// A copy of this key that a file may still write by its former name, with a warning.
    public func formerly(_ name: String) -> Self {
        var key = self
        key.form.formerName = name
        return key
    }

    /// A copy of this key that has an effect only if one of the companions is present.
    public func only(with companions: String...) -> Self {
        var key = self
        key.form.companions = companions
        return key
    }
}

extension Section {
    /// Reads the value of a key. Returns its default, or nil, if the key is absent or wrong; a wrong value is also
    /// reported as an error.
    public mutating func read<Value>(_ key: SectionKey<Value>) -> Value {
        if key.form.isRequired { _ = require(key.name, help: key.form.missingHelp) }
        return key.value(&self, key.name)
    }
}

extension SectionKey {
    /// A copy of this key that is required. A missing key is an error, with `help` for what to write.
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
    /// Declares a string.
    public static func string(_ name: String, _ summary: String) -> Self {
        SectionKey(KeyForm(name, .string, summary)) { $0.string($1) }
    }

    /// A copy of this key with a default value.
    public func defaulting(to value: String) -> SectionKey<String> { defaulting(to: value, .string(value)) }
}

extension SectionKey where Value == Bool? {
    /// Declares a boolean.
    public static func bool(_ name: String, _ summary: String) -> Self {
        SectionKey(KeyForm(name, .bool, summary)) { $0.bool($1) }
    }

    /// A copy of this key with a default value.
    public func defaulting(to value: Bool) -> SectionKey<Bool> { defaulting(to: value, .bool(value)) }
}

extension SectionKey where Value == Int? {
    /// Declares a whole number within bounds.
    public static func int(
        _ name: String, in range: ClosedRange<Int> = Int.min...Int.max, _ summary: String
    ) -> Self {
        SectionKey(KeyForm(name, .int(range), summary)) { $0.int($1, in: range) }
    }

    /// Declares a number of bytes within bounds.
    public static func byteSize(_ name: String, in range: ClosedRange<Int> = 0...Int.max, _ summary: String) -> Self {
        SectionKey(KeyForm(name, .byteSize(range), summary)) { $0.byteSize($1, in: range) }
    }

    /// A copy of this key with a default value.
    public func defaulting(to value: Int) -> SectionKey<Int> {
        if case .byteSize = form.value { return defaulting(to: value, .string(Measure.text(bytes: value))) }
        return defaulting(to: value, .number(String(value)))
    }
}

extension SectionKey where Value == Duration? {
    /// Declares a duration within bounds.
    public static func duration(_ name: String, in range: ClosedRange<Duration>? = nil, _ summary: String) -> Self {
        SectionKey(KeyForm(name, .duration(range), summary)) { $0.duration($1, in: range) }
    }

    /// A copy of this key with a default value.
    public func defaulting(to value: Duration) -> SectionKey<Duration> {
        defaulting(to: value, .string(Measure.text(value)))
    }
}

extension SectionKey where Value == [Duration]? {
    /// Declares a duration within bounds, or a list of at least one. The caller checks the order.
    public static func durationOrList(
        _ name: String, in range: ClosedRange<Duration>? = nil, _ summary: String
    ) -> Self {
        let form = ValueForm.either([.duration(range), .list(of: .duration(range), atLeast: 1)])
        return SectionKey(KeyForm(name, form, summary)) { $0.durations($1, in: range) }
    }

    /// A copy of this key with a default value.
    public func defaulting(to value: Duration) -> SectionKey<[Duration]> {
        defaulting(to: [value], .string(Measure.text(value)))
    }
}

extension SectionKey {
    /// Declares a choice among the cases of an enumeration.
    public static func choice<Word>(_ name: String, _ summary: String) -> Self
    where Word: RawRepresentable<String> & CaseIterable & Sendable, Value == Word? {
        let words = Word.allCases.map(\.rawValue)
        return SectionKey(KeyForm(name, .choice(words), summary)) {
            $0.choice($1, among: words).flatMap(Word.init)
        }
    }

    /// A copy of this key with a default value.
    public func defaulting<Word>(to value: Word) -> SectionKey<Word>
    where Word: RawRepresentable<String> & CaseIterable & Sendable, Value == Word? {
        defaulting(to: value, .string(value.rawValue))
    }
}

extension SectionKey {
    /// Declares a list of cases of an enumeration; empty if the key is absent.
    public static func choices<Word>(_ name: String, _ summary: String) -> Self
    where Word: RawRepresentable<String> & CaseIterable & Sendable & Hashable, Value == Set<Word> {
        let words = Word.allCases.map(\.rawValue)
        return SectionKey(KeyForm(name, .list(of: .choice(words)), summary)) {
            Set(($0.choices($1, among: words) ?? []).compactMap(Word.init))
        }
    }
}

extension SectionKey where Value == [String]? {
    /// Declares a list of strings. The caller checks that there are at least `count`.
    public static func stringList(_ name: String, atLeast count: Int = 0, _ summary: String) -> Self {
        SectionKey(KeyForm(name, .list(of: .string, atLeast: count), summary)) { $0.stringList($1) }
    }

    /// Declares a string, or a list of at least one string.
    public static func stringOrList(_ name: String, _ summary: String) -> Self {
        let form = ValueForm.either([.string, .list(of: .string, atLeast: 1)])
        return SectionKey(KeyForm(name, form, summary)) { $0.stringOrList($1) }
    }

    /// A copy of this key whose default is an empty list.
    public func defaultingToNone() -> SectionKey<[String]> { defaulting(to: [], nil) }
}

extension SectionKey where Value == Section? {
    /// Declares a mapping with fixed keys. The caller must call its `finish()`.
    public static func section(_ name: String, _ form: SectionForm, _ summary: String) -> Self {
        SectionKey(KeyForm(name, .section(form), summary)) { $0.section($1, form) }
    }
}

extension SectionKey where Value == [Node.Entry]? {
    /// Declares a mapping whose keys are names that the author chooses. The caller checks the values.
    public static func entries(_ name: String, of form: ValueForm, atLeast count: Int = 0, _ summary: String) -> Self {
        SectionKey(KeyForm(name, .mapping(of: form, atLeast: count), summary)) { $0.entries($1) }
    }
}

extension SectionKey where Value == [Node]? {
    /// Declares a list. The caller checks the elements.
    public static func list(_ name: String, of form: ValueForm, atLeast count: Int = 0, _ summary: String) -> Self {
        SectionKey(KeyForm(name, .list(of: form, atLeast: count), summary)) { $0.list($1) }
    }
}

extension SectionKey where Value == [Node]? {
    /// Declares a program and its arguments. The caller checks them.
    public static func command(_ name: String, _ summary: String) -> Self {
        SectionKey(KeyForm(name, .command, summary)) { $0.list($1) }
    }

    /// Declares a program and its arguments, with groups of arguments that may be left out. The caller checks them.
    public static func commandTemplate(_ name: String, _ summary: String) -> Self {
        SectionKey(KeyForm(name, .commandTemplate, summary)) { $0.list($1) }
    }
}

extension SectionKey where Value == Node? {
    /// Declares a value of any form. The caller checks it.
    public static func node(_ name: String, _ form: ValueForm, _ summary: String) -> Self {
        SectionKey(KeyForm(name, form, summary)) { $0.node($1) }
    }
}
