import RealtimeEvents

/// What the model says to the user while a call takes long: silence is what callers hang up on.
///
/// It is said once for the calls of a response, in live sessions, when no response is active.
package struct WaitingWords: Sendable, Hashable {
    /// How long after the call became ready.
    package var after: Duration
    /// The words.
    package var words: String

    /// Makes the words.
    package init(_ words: String, after: Duration) {
        self.words = words
        self.after = after
    }

    /// How the response is made: these words, and no further call.
    var parameters: ResponseParameters {
        var parameters = ResponseParameters()
        parameters.instructions = "Say this to the user and nothing else: \(words)"
        parameters.toolChoice = .plain(.none)
        return parameters
    }
}
