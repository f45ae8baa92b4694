/// One session's utterances on their way into a file.
protocol TranscriptForm: Sendable {
    /// The entries that an utterance gives, each to be written whole; a line end is added to each.
    mutating func entries(for record: TranscriptRecord) -> [String]

    /// The entries of each utterance that was kept back, at the end.
    mutating func rest() -> [[String]]
}

extension TranscriptForm {
    /// Nothing is kept back.
    mutating func rest() -> [[String]] { [] }
}
