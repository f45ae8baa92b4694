/// The outputs of function calls that the client of a recording sent.
///
/// A dictionary literal names the outputs of the first session's calls by `call_id`.
public struct RecordedOutputs: Sendable, Hashable, ExpressibleByDictionaryLiteral {
    private struct Call: Hashable {
        let session: Int
        let callID: String
        let occurrence: Int
    }

    private var outputs: [Call: String] = [:]

    /// No outputs.
    public init() {}

    /// The outputs of calls whose `call_id` the recording's first session uses once.
    public init(dictionaryLiteral elements: (String, String)...) {
        for (callID, output) in elements { self[session: 1, callID: callID, occurrence: 1] = output }
    }

    /// The output of a call; nil if the client sent none.
    ///
    /// - Parameters:
    ///   - session: The number of the session on its source, from 1.
    ///   - callID: The call's `call_id`.
    ///   - occurrence: How often the session has used the `call_id`, this call included.
    public subscript(session session: Int, callID callID: String, occurrence occurrence: Int) -> String? {
        get { outputs[Call(session: session, callID: callID, occurrence: occurrence)] }
        set { outputs[Call(session: session, callID: callID, occurrence: occurrence)] = newValue }
    }

    /// Adds outputs; they replace those of the same calls.
    public mutating func merge(_ others: RecordedOutputs) {
        outputs.merge(others.outputs) { $1 }
    }
}
