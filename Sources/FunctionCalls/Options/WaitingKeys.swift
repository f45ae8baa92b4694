import ConfigSource

/// The keys of a function's `while_waiting`.
enum WaitingKeys {
    static let after = SectionKey.duration(
        "after", in: .zero ... .seconds(3600), "How long a call may take until something is said."
    ).defaulting(to: .seconds(2))
    static let say = SectionKey.string("say", "What the model says to the user.")
        .required("write what the model says: `say: One moment, please.`")

    static let form = SectionForm([after, say])
}
