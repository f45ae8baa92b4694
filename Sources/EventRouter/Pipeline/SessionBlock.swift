public import ConfigSource
public import EventJSON
public import RealtimeEvents

/// How the router configures a session that it opens itself: the `session` of a routes.yml.
///
/// It becomes one `session.update`, behind the server's `session.created`, together with the functions that handlers announce; and once more
/// on each new connection. The model is no part of the update, as a session's model cannot change: it belongs into the address.
public struct SessionBlock: Sendable {
    /// The configuration, unknown keys and the model included.
    public let json: JSONObject
    /// The block as it stands in its file, and its key there; nil when it was made in code.
    private let written: (key: Node, value: Node)?
    private let hide: @Sendable (String) -> String

    /// A configuration that was made in code.
    public init(_ json: JSONObject) {
        self.json = json
        written = nil
        hide = { $0 }
    }

    /// A configuration that stands in a file.
    ///
    /// - Parameters:
    ///   - json: the configuration, with the values of variables.
    ///   - key: its key in the file.
    ///   - value: the block in the file.
    ///   - hide: replaces the values of variables in a text by what stands in the file.
    public init(_ json: JSONObject, key: Node, value: Node, hide: @escaping @Sendable (String) -> String) {
        self.json = json
        written = (key, value)
        self.hide = hide
    }

    /// The model, for the address of the connection.
    public var model: String? { json["model"]?.string }

    /// What the session is for, where the configuration says it.
    public var type: SessionType? { json["type"]?.string.map { SessionType(rawValue: $0) } }

    /// Where a parameter of a `session.update` stands in the file, such as `session.audio.input.turn_detection`: the place of its key, or
    /// that of the nearest key around it which is there.
    ///
    /// - Returns: nil when the configuration was made in code.
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

    /// What is wrong with the configuration as the server says it.
    ///
    /// - Parameters:
    ///   - message: the server's message.
    ///   - code: the server's code.
    ///   - parameter: the parameter that the server names.
    func refusal(message: String?, code: String?, parameter: String?) -> Diagnostic {
        let reasons = [message, code.map { "(\($0))" }].compactMap(\.self).joined(separator: " ")
        return Diagnostic(
            .error, "the server refused the session's configuration: \(hide(reasons))", at: location(of: parameter),
            in: written?.value.file,
            help:
                "the server takes all of an update or nothing, so no key of `session` holds and no function is announced"
        )
    }

    /// Whether it asks for the transcription of what the user says.
    public var hasTranscription: Bool { Self.hasTranscription(.object(json)) }

    /// Whether a session, as the API has it, transcribes what the user says.
    static func hasTranscription(_ session: JSONValue) -> Bool {
        if session["type"]?.string == "transcription" { return true }
        return [session["audio"]?["input"]?["transcription"], session["input_audio_transcription"]].contains {
            if case .object? = $0 { true } else { false }
        }
    }

    /// The tools of servers that it names: they stay when handlers announce functions.
    var tools: [JSONValue] { json["tools"]?.array ?? [] }

    /// What the update says of the session; nil if there is nothing to say.
    ///
    /// - Parameters:
    ///   - type: what the session is for, which the update has to repeat; nil for a server that does not say it.
    ///   - announced: the functions that handlers announce.
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
