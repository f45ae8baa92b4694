/// What the reference says about an event beside its fields.
struct EventDescription {
    /// What the event means, in one sentence.
    let meaning: String
    /// When the server or the router sends it: the end of a sentence, and further ones. Of a client's event, what follows.
    let moment: String
    /// The versions of the API that have it; empty for derived events.
    let versions: String
    /// A route that matches it, as one line of `routes.yml`; only for derived events.
    let rule: String?
    /// The event as JSON, where no sample session has one.
    let example: String?

    init(_ meaning: String, _ moment: String, in versions: String = "GA and beta") {
        self.meaning = meaning
        self.moment = moment
        self.versions = versions
        rule = nil
        example = nil
    }

    init(_ meaning: String, _ moment: String, rule: String, example: String? = nil) {
        self.meaning = meaning
        self.moment = moment
        versions = ""
        self.rule = rule
        self.example = example
    }
}
