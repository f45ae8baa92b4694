/// A transcript for people that many sessions share: nobody can tell which of its lines are whose.
struct SharedTranscript: Error, CustomStringConvertible {
    let path: String

    var description: String {
        "cannot take one session out of \(path): it has many; with `{session}` in `output` each has a file of its own"
    }
}
