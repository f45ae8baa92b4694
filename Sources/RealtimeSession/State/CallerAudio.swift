/// Whether somebody speaks whose words nobody writes down: known only of a session that the server has described.
struct CallerAudio: Sendable {
    var isDescribed = false
    var wasCommitted = false
    var wasTranscribed = false

    var isUnheard: Bool { isDescribed && wasCommitted && !wasTranscribed }
}
