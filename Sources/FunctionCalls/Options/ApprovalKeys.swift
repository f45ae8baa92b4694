import ConfigSource

/// The keys of a function's `approval`.
enum ApprovalKeys {
    static let unless = SectionKey.section(
        "unless", ExceptionKeys.form, "The calls that need no approval; every other call needs it.")
    static let command = SectionKey.node(
        "command", .either([.command, .choice([ask])]),
        "Who decides: a program that gets the call as JSON and approves with exit status 0, or `ask` for whoever is at the terminal."
    ).required("name a program, `command: [./bin/approve]`, or write `command: ask` for a question at the terminal")
    static let timeout = SectionKey.duration(
        "timeout", in: .milliseconds(1) ... .seconds(24 * 3600), "How long the decision may take."
    ).defaulting(to: .seconds(30))
    static let otherwise = SectionKey<ApprovalRule.Otherwise?>.choice(
        "otherwise", "What becomes of a call about which nothing was decided in time."
    ).defaulting(to: .reject)

    static let ask = "ask"
    static let form = SectionForm([unless, command, timeout, otherwise])
}

/// The keys of `unless` in a function's `approval`.
enum ExceptionKeys {
    static let arguments = SectionKey.node(
        "arguments", .named("pattern"), "A pattern that the arguments match, in the language of `match`."
    ).required("say what the arguments look like: `arguments: { amount: [ { numeric: [ \"<=\", 50 ] } ] }`")

    static let form = SectionForm([arguments])
}
