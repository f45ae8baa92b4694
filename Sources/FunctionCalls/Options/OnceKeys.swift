import ConfigSource

/// The keys of a function's `once`.
enum OnceKeys {
    static let by = SectionKey.stringList("by", atLeast: 1, "The arguments that say what a call is about.")
        .required("name the arguments that say what a call is about: `by: [cart_id]`")
    static let within = SectionKey.duration(
        "within", in: .seconds(1) ... .seconds(366 * 24 * 3600), "How long a call that succeeded stands for others."
    ).required("say how long a call stands for others: `within: 24h`")

    static let form = SectionForm([by, within])
}
