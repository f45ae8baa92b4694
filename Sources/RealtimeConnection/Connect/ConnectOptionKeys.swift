import ConfigSource
import EventRouter
import LocalCommands

/// The option keys of a source of type `connect`.
enum ConnectOptionKeys {
    static let url = SectionKey.string(
        "url", "The server: `wss://…`, or `ws://…` without TLS. Its path and query are kept."
    ).defaulting(to: ConnectOptions.openAI.description)
    static let model = SectionKey.string(
        "model", "The model; `\(ConnectOptions.defaultModel)` by default at OpenAI.")
    static let callID = SectionKey.string(
        "call_id", "The id of a WebRTC or SIP call, `rtc_…`: the source is the call's sideband then.")
    static let intent = SectionKey<ConnectOptions.Intent?>.choice(
        "intent", "What kind of session it is; a conversation by default.")
    static let authorization = SectionKey<ConnectOptions.Authorization?>.choice(
        "authorization",
        "How the key is shown: `bearer` in the field `Authorization`, `api-key` in a field of that name (the default at Azure), or `none`."
    )
    static let apiKey = SectionKey.string(
        "api_key", "The key, as a variable: `${NAME}`. By default what `OPENAI_API_KEY` holds.")
    static let keyCommand = SectionKey.node(
        "key_command", .command, "A program and its arguments that prints the key; run before each attempt to connect.")
    static let headers = SectionKey.entries(
        "headers", of: .string, "Further fields of the request: `{OpenAI-Safety-Identifier: ${USER_HASH}}`.")
    static let ca = SectionKey.string(
        "ca", "A PEM file with the certificates of authorities to trust, beside those of the machine.")
    static let sessionKey = SectionKey.string("session_key", "The session's key; by default the source's name.")
    static let audioIn = SectionKey.string(
        "audio_in",
        "Audio to send as the user's: a WAV file, or `-` for standard input (PCM of 16 bits, mono, 24 kHz, bare or as WAV)."
    )
    static let audioPace = SectionKey<AudioPace?>.choice(
        "audio_pace", "How fast a file of audio is sent: as it was recorded, or as fast as the server takes it."
    ).defaulting(to: .recorded).only(with: audioIn.name)
    static let ping = SectionKey.duration(
        "ping", in: .seconds(1) ... .seconds(600),
        "How long the server may be silent before it gets a ping; after two of these it is taken for dead."
    ).defaulting(to: WebSocketLimits().pingInterval)
    static let retries = SectionKey.int(
        "retries", in: 0...1000, "How often the connection is tried again after one loss."
    ).defaulting(to: ReconnectPolicy().attempts)
    static let retriesInAll = SectionKey.int(
        "retries_in_all", in: 0...100_000, "How often it is tried again in all while no connection holds for a minute."
    ).defaulting(to: ReconnectPolicy().attemptsInAll)

    static let all: [any DeclaredKey] = [
        url, model, callID, intent, authorization, apiKey, keyCommand, headers, ca, sessionKey, audioIn, audioPace,
        ping, retries,
        retriesInAll,
    ]

    /// Reads the options. Returns nil after reporting errors.
    static func read(_ options: inout SourceOptions) -> ConnectOptions? {
        let errors = options.diagnostics.items.count { $0.severity == .error }
        var connect = ConnectOptions(key: key(&options))
        let text = options.read(url)
        if let url = WebSocketURL(text) { connect.url = url } else { reportURL(text, &options) }
        connect.model = nonEmpty(model, &options)
        connect.callID = nonEmpty(callID, &options)
        connect.intent = options.read(intent)
        connect.authorization = options.read(authorization)
        connect.headers = fields(&options)
        if let path = options.inputPath(ca) { connect.trust = .file(path: path) }
        connect.sessionKey = nonEmpty(sessionKey, &options) ?? options.name
        connect.audio = audio(&options)
        if connect.callID != nil, connect.audio != nil {
            options.section.error(
                "`audio_in` does not go with `call_id`", at: audioIn.name,
                help: "the call's own connection carries its audio")
        }
        connect.limits.pingInterval = options.read(ping)
        connect.reconnect.attempts = options.read(retries)
        connect.reconnect.attemptsInAll = options.read(retriesInAll)
        connect.variable = options.surroundings.variable
        if connect.callID != nil, connect.intent != nil {
            options.section.error(
                "`intent` does not go with `call_id`", at: intent.name,
                help: "the call is what it was made as: remove `intent`")
        }
        let isSound = { (options: SourceOptions) in options.diagnostics.items.count { $0.severity == .error } == errors
        }
        guard isSound(options) else { return nil }
        check(connect, &options)
        return isSound(options) ? connect : nil
    }

    /// How fast an audio file is sent.
    enum AudioPace: String, Sendable, CaseIterable {
        case recorded
        case max
    }

    private static func audio(_ options: inout SourceOptions) -> AudioInput? {
        let path = nonEmpty(audioIn, &options)
        let isHurried = options.read(audioPace) == .max
        guard let path else { return nil }
        return AudioInput(path == "-" ? .standardInput : .file(path: options.inputPath(path)), isHurried: isHurried)
    }

    private static func nonEmpty(_ key: SectionKey<String?>, _ options: inout SourceOptions) -> String? {
        let text = options.read(key)
        if text?.isEmpty == true { options.section.error("`\(key.name)` is empty", at: key.name) }
        return text
    }

    /// The function that returns the API key.
    private static func key(_ options: inout SourceOptions) -> @Sendable () async throws -> String? {
        let text = nonEmpty(apiKey, &options)
        _ = options.read(keyCommand)
        let words = options.section.stringList(keyCommand.name)
        if text != nil, words != nil {
            options.section.error(
                "`key_command` does not go with `api_key`", at: keyCommand.name, help: "keep one of them")
        }
        if let text { return { text } }
        guard let words else {
            let variable = options.surroundings.variable
            return { variable(ConnectOptions.keyVariable) }
        }
        if words.isEmpty { options.section.error("`key_command` is empty", at: keyCommand.name) }
        let command = KeyCommand(command: LocalCommand(words, baseFolder: options.folder))
        return { try await command.run() }
    }

    private static func fields(_ options: inout SourceOptions) -> [(name: String, value: String)] {
        (options.read(headers) ?? []).compactMap { entry in
            guard let value = entry.value.string else {
                options.diagnostics.error("expected a text", at: entry.value)
                return nil
            }
            guard HandshakeFields.isValid(name: entry.name, value: value) else {
                options.diagnostics.error("this is no field of an HTTP request", at: entry.key)
                return nil
            }
            guard !HandshakeFields.reserved.contains(entry.name.lowercased()) else {
                options.diagnostics.error("the router sets `\(entry.name)` itself", at: entry.key)
                return nil
            }
            return (entry.name, value)
        }
    }
}

/// A command that prints the API key. It runs before each connection attempt, because such keys may be valid for minutes only.
struct KeyCommand: Sendable {
    let command: LocalCommand

    /// Runs the command.
    ///
    /// - Returns: the first line of its standard output.
    /// - Throws: ``KeyFailure``, whose text contains nothing from the standard output.
    func run() async throws -> String {
        let program = command.arguments.first ?? ""
        let result = try await command.run()
        guard result.isSuccess else {
            let last = String(decoding: result.standardErrorTail, as: UTF8.self).split(separator: "\n").last ?? ""
            let end =
                switch result.ending {
                case _ where result.isTimedOut: "took too long"
                case .exited(let status): "exited with status \(status)"
                case .signalled(let signal): "was ended by signal \(signal)"
                }
            throw KeyFailure("`\(program)` \(end)" + (last.isEmpty ? "" : ": \(String(last).printable)"))
        }
        let text = String(decoding: result.standardOutput, as: UTF8.self)
        guard let key = text.split(separator: "\n").first.map(\.trimmingBlanks), !key.isEmpty else {
            throw KeyFailure("`\(program)` printed no key")
        }
        return key
    }
}

/// Why the key command returned no key.
struct KeyFailure: Error, Sendable, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
