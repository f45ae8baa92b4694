extension EventType {
    /// The beta names of types that GA renamed, with the canonical code.
    public static let betaNames: [(name: StaticString, code: Code)] = [
        ("response.audio.delta", .responseOutputAudioDelta),
        ("response.audio.done", .responseOutputAudioDone),
        ("response.audio_transcript.delta", .responseOutputAudioTranscriptDelta),
        ("response.audio_transcript.done", .responseOutputAudioTranscriptDone),
        ("response.text.delta", .responseOutputTextDelta),
        ("response.text.done", .responseOutputTextDone),
    ]

    /// All canonical names, derived ones included, without the beta names.
    public static let knownNames: [String] = Code.allCases.filter { $0 != .unknown }.map {
        canonicalName($0).description
    }

    /// The code of a type's name as it stands on the wire, and whether the name is a beta name of a renamed type.
    ///
    /// `.unknown` for names that this version does not know. Does not allocate.
    ///
    /// - Parameter name: The decoded text of `type`, in UTF-8.
    public static func code(ofWireName name: RawSpan) -> (code: Code, isAlias: Bool) {
        guard let entry = table.find(name) else { return (.unknown, false) }
        return (entry.code, entry.isAlias)
    }

    private static let table = EventNameTable(
        names: Code.allCases.filter { $0 != .unknown }.map { (canonicalName($0), $0) }, aliases: betaNames)
}
