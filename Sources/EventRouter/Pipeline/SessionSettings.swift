public import ConfigSource
public import EventJSON
public import RealtimeEvents

/// The configuration of sessions that the router opens itself: the `session` section of a routes.yml.
///
/// The router sends it in one `session.update`, after the server's `session.created`, together with the functions that
/// handlers announce, and again on each new connection. The model is not part of the update, because it cannot change;
/// it is part of the connection's address.
public struct SessionSettings: Sendable {
    /// The configuration, including the model and unknown keys.
    public let json: JSONObject
    /// The section's key and value in the file; nil for a configuration that was made in code.
    private let written: (key: Node, value: Node)?
    private let hide: @Sendable (String) -> String

    /// Creates a configuration in code.
    public init(_ json: JSONObject) {
        self.json = json
        written = nil
        hide = { $0 }
    }

    /// Creates a configuration from a file.
    ///
    /// - Parameters:
    ///   - json: The configuration, in which variables are replaced with their values.
    ///   - key: The section's key in the file.
    ///   - value: The section's value in the file.
    ///   - hide: Replaces the values of variables in a text with their names.
    public init(_ json: JSONObject, key: Node, value: Node, hide: @escaping @Sendable (String) -> String) {
        self.json = json
        written = (key, value)
        self.hide = hide
    }

    /// The model, for the address of the connection.
    public var model: String? { json["model"]?.string }

    /// The session type; nil if the configuration has none.
    public var type: SessionType? { json["type"]?.string.map { SessionType(rawValue: $0) } }

    /// The location in the file of a `session.update` parameter such as `session.audio.input.turn_detection`: that of
    /// its key, or of the nearest enclosing key in the file.
    ///
    /// - Returns: Nil if the configuration was made in code.
    public func location(of parameter: String?) -> SourceLocation? {
        guard let written, written.key.file != nil else { return nil }
        var (location, node) = (written.key.location, written.value)
        var names = (parameter ?? "").split { ".[]".contains($0) }[...]
        if names.first == "session" { names.removeFirst() }
        for name in names {
            if let entry = node.entries?.first(where: { $0.name == name }) {
                (location, node) = (entry.key.location, entry.value)
            } else if let index = Int(name), let elements = node.list, elements.indices.contains(index) {
                (location, node) = (elements[index].location, elements[index])
            } else {
                break
            }
        }
        return location
    }

    /// The diagnostic for the server's refusal of the configuration.
    ///
    /// - Parameters:
    ///   - message: The server's message.
    ///   - code: The server's error code.
    ///   - parameter: The parameter that the server names.
    func refusal(message: String?, code: String?, parameter: String?) -> Diagnostic {
        let reasons = [message, code.map { "(\($0))" }].compactMap(\.self).joined(separator: " ")
        return Diagnostic(
            .error, "the server refused the session's configuration: \(hide(reasons))", at: location(of: parameter),
            in: written?.value.file,
            help:
                "the server rejected the whole update: no key of `session` took effect, and no function was announced"
        )
    }

    /// Whether the configuration enables input transcription.
    public var hasTranscription: Bool { Self.hasTranscription(.object(json)) }

    /// Whether an API `session` object enables input transcription.
    static func hasTranscription(_ session: JSONValue) -> Bool {
        if session["type"]?.string == "transcription" { return true }
        return [session["audio"]?["input"]?["transcription"], session["input_audio_transcription"]].contains {
            if case .object? = $0 { true } else { false }
        }
    }

    /// The remote servers' tools in the configuration. They stay when handlers announce functions.
    var tools: [JSONValue] { json["tools"]?.array ?? [] }

    /// Returns the `session` of the update; nil if it would be empty.
    ///
    /// - Parameters:
    ///   - type: The session type, which the update must repeat; nil for a server that does not state it.
    ///   - announced: The functions that handlers announce.
    func update(type: SessionType?, announcing announced: [Tool]) -> JSONValue? {
        var session = JSONObject()
        session["type"] = type.map { .string($0.rawValue) }
        for (key, value) in json where !["type", "model", "tools"].contains(key) { session[key] = value }
        let isEmpty = session.isEmpty || session.count == 1 && type != nil
        let tools = tools + announced.map(\.json)
        if !tools.isEmpty { session["tools"] = .array(tools) }
        return isEmpty && tools.isEmpty ? nil : .object(session)
    }
}
