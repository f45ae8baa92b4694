import ConfigSource
import EventRouter
import LocalCommands

/// The option keys of a source of type `connect`.
enum ConnectOptionKeys {
    static let url = SectionKey.string(
        "url", "The server: `wss://…`, or `ws://…` without TLS. Its path and query are kept."
    ).defaulting(to: ConnectOptions.openAI.description)
    static let model = SectionKey.string(
        "model", "The model. The default for OpenAI is `\(ConnectOptions.defaultModel)`.")
    static let callID = SectionKey.string(
        "call_id", "The id of a WebRTC or SIP call, `rtc_…`. The source then connects to the call's sideband.")
    static let intent = SectionKey<ConnectOptions.Intent?>.choice(
        "intent", "The kind of session; a conversation by default.")
    static let authorization = SectionKey<ConnectOptions.Authorization?>.choice(
        "authorization",
        "How the key is sent: `bearer` in the header `Authorization`, `api-key` in the header `api-key` (the default for Azure), or `none`."
    )
    static let apiKey = SectionKey.string(
        "api_key", "The API key, as a variable: `${NAME}`. The default is the value of `OPENAI_API_KEY`.")
    static let keyCommand = SectionKey.node(
        "key_command", .command, "A program with arguments that prints the key. It runs before each connection attempt."
    )
    static let headers = SectionKey.entries(
        "headers", of: .string, "Additional header fields of the request: `{OpenAI-Safety-Identifier: ${USER_HASH}}`.")
    static let ca = SectionKey.string(
        "ca", "A PEM file with certificate authorities to trust, in addition to those of the machine.")
    static let sessionKey = SectionKey.string("session_key", "The session's key; the source's name by default.")
    static let audioIn = SectionKey.string(
        "audio_in",
        "User audio to send: a WAV file, or `-` for standard input (16-bit mono PCM at 24 kHz, raw or as WAV)."
    )
    static let audioPace = SectionKey<AudioPace?>.choice(
        "audio_pace", "How fast an audio file is sent: in real time, or as fast as the server accepts it."
    ).defaulting(to: .recorded).only(with: audioIn.name)
    static let ping = SectionKey.duration(
        "ping", in: .seconds(1) ... .seconds(600),
        "How long the server may be silent before it gets a ping. After two such intervals it counts as dead."
    ).defaulting(to: WebSocketLimits().pingInterval)
    static let retries = SectionKey.int(
        "retries", in: 0...1000, "The maximum number of attempts to reconnect after one connection loss."
    ).defaulting(to: ReconnectPolicy().attempts)
    static let retriesInAll = SectionKey.int(
        "retries_in_all", in: 0...100_000,
        "The maximum number of attempts in a row while no connection lasts for a minute."
    ).defaulting(to: ReconnectPolicy().maximumConsecutiveAttempts)

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
        connect.reconnect.maximumConsecutiveAttempts = options.read(retriesInAll)
        connect.variable = options.context.variable
        if connect.callID != nil, connect.intent != nil {
            options.section.error(
                "`intent` does not go with `call_id`", at: intent.name,
                help: "a call keeps the kind that it was created with: remove `intent`")
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
        let sendsAtFullSpeed = options.read(audioPace) == .max
        guard let path else { return nil }
        return AudioInput(
            path == "-" ? .standardInput : .file(path: options.inputPath(path)), sendsAtFullSpeed: sendsAtFullSpeed)
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
            let variable = options.context.variable
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
                options.diagnostics.error("this is not a valid HTTP header field", at: entry.key)
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
