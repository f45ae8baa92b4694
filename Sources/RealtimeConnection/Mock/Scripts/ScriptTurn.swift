import EventJSON

/// A step of a script.
enum ScriptTurn: Sendable {
    /// The user speaks or types.
    case user(User)
    /// The model answers.
    case response(Response)
    /// An `error` event.
    case error(JSONObject)

    /// What the user says.
    struct User: Sendable {
        var text: String
        /// How much audio the client sends for it.
        var audio: Duration
    }

    /// A function call.
    struct Call: Sendable {
        var name: String
        var arguments: JSONValue
    }

    /// What the model says, and the functions that it calls.
    struct Response: Sendable {
        var text: String?
        var calls: [Call] = []
        /// What the user says instead of listening to the end.
        var interruption: User?
        /// Whether the client has asked for it, or the server begins it by itself.
        var isRequested = false
    }
}
