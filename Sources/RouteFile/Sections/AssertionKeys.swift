import ConfigSource

/// The keys of the assertions under `assert`.
enum AssertionKeys {
    static let exactly = SectionKey.int("exactly", in: 0...1_000_000, "How many there must be.")
    static let atLeast = SectionKey.int("at_least", in: 1...1_000_000, "How many there must be, or more.")
    static let atMost = SectionKey.int("at_most", in: 0...1_000_000, "How many there may be.")
    private static let numbers: [any DeclaredKey] = [exactly, atLeast, atMost]
    /// The keys of which an assertion on a number needs one.
    static let numberNames = numbers.map(\.form.name)

    static let call = SectionKey.node(
        "call", .name, "The function: so many of its calls are complete in the session."
    ).required()
    static let event = events("event", "So many events match this pattern.")
    static let never = events("never", "No event matches this pattern.")
    static let before = SectionKey.node(
        "before", .tuple([pattern, pattern]),
        "Two patterns: before each event that matches the second comes one that matches the first."
    ).required()
    static let within = SectionKey.duration(
        "within", in: .milliseconds(1) ... .seconds(24 * 3600),
        "How much later, in event time, the event under `comes` comes at the latest."
    ).required()
    static let of = events("of", "The events that others must follow.")
    static let comes = events("comes", "The events of which one must follow each of those under `of`.")

    /// The kinds of assertions, by the key that says which kind one is.
    static let forms: [(key: String, form: SectionForm)] = [
        (call.name, SectionForm([call] + numbers, anyOf: numberNames)),
        (event.name, SectionForm([event] + numbers, anyOf: numberNames)),
        (never.name, SectionForm([never])),
        (before.name, SectionForm([before])),
        (within.name, SectionForm([within, of, comes])),
    ]

    /// An assertion of any kind.
    static let form = ValueForm.either(forms.map { .section($0.form) })

    private static let pattern = ValueForm.named(FormName.match)

    private static func events(_ name: String, _ summary: String) -> SectionKey<Node?> {
        SectionKey.node(name, pattern, summary).required("write `\(name): {type: response.done}`")
    }
}
