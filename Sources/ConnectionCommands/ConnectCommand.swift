public import ArgumentParser
import RealtimeConnection
public import RealtimeRouter
public import RouterProgram

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// `connect`: a Realtime session that the router opens itself, or the sideband of a call.
public struct ConnectCommand: ProgramCommand {
    /// What the command is called, and its help.
    public static let configuration = CommandConfiguration(
        commandName: "connect",
        abstract: "Holds a Realtime session of our own, or the sideband of a call, and routes it.",
        discussion: """
            Example: OPENAI_API_KEY=… realtime-router connect --model \(ConnectOptions.defaultModel) --record call.jsonl
            Example: realtime-router connect --url ws://127.0.0.1:8080/v1/realtime
            Example: realtime-router connect --call-id rtc_123

            The key is what OPENAI_API_KEY holds, or what --key-fd gives; never an argument, as other users of the machine can read \
            those. The `session` of routes.yml is sent once the session is there, with the functions that its handlers announce. \
            A lost connection is made again. HTTPS_PROXY and NO_PROXY are obeyed.

            It ends when the server closes the session, or at SIGINT and SIGTERM. The exit code is 2 when the session could not be opened \
            or not be kept.
            """)

    @Option(help: ArgumentHelp("The model; by default \(ConnectOptions.defaultModel) at OpenAI.", valueName: "model"))
    var model: String?

    @Option(help: ArgumentHelp("The id of a WebRTC or SIP call, whose sideband this is then.", valueName: "id"))
    var callId: String?

    @Option(
        help: ArgumentHelp("The server: wss://…, or ws://… without TLS. By default OpenAI.", valueName: "url"))
    var url: String?

    @Option(help: ArgumentHelp("What kind of session: transcription or translation.", valueName: "kind"))
    var intent: ConnectOptions.Intent?

    @Option(help: ArgumentHelp("The file descriptor that the key is read from.", valueName: "number"))
    var keyFd: Int32?

    @Option(
        name: .customLong("header"),
        help: ArgumentHelp("A further field of the request; may be given several times.", valueName: "name:value"))
    var headers: [String] = []

    @Option(
        help: ArgumentHelp(
            "A PEM file of authorities to trust, beside those of the machine.", valueName: "file"))
    var ca: String?

    @Option(help: ArgumentHelp("The session's key; by default the call's id, or `session`.", valueName: "key"))
    var sessionKey: String?

    @Option(
        help: ArgumentHelp(
            "Audio to send as the user's: a WAV file, or - for standard input (PCM of 16 bits, mono, 24 kHz).",
            valueName: "file"))
    var audioIn: String?

    @Flag(help: "Send the audio of a file as fast as the server takes it, instead of at its own pace.")
    var hurryAudio = false

    @OptionGroup var options: RunOptions

    /// No arguments.
    public init() {}

    /// Makes sure that the options go together.
    ///
    /// - Throws: `ValidationError` with what is wrong with the call.
    public func validate() throws {
        if callId != nil, intent != nil { throw ValidationError("--intent does not go with --call-id") }
        if callId != nil, audioIn != nil {
            throw ValidationError("--audio-in does not go with --call-id: the call's own connection carries the audio")
        }
        if hurryAudio, audioIn == nil || audioIn == "-" {
            throw ValidationError("--hurry-audio goes with --audio-in FILE")
        }
        for (name, text) in [("--model", model), ("--call-id", callId), ("--session-key", sessionKey)] where text == ""
        {
            throw ValidationError("\(name) is empty")
        }
        _ = try connectOptions()
    }

    /// Holds the session until it ends.
    ///
    /// - Parameter handlers: the program's handler types.
    /// - Throws: what ends the program with another exit code than 0.
    public func run(_ handlers: HandlerRegistry) async throws {
        let connect = try connectOptions()
        if ca != nil, !connect.url.isSecure {
            Terminal.warning("--ca has no effect: a ws:// address uses no TLS")
        }
        try await options.run(handlers) { _ in ConnectSource(connect) }
    }

    private func connectOptions() throws -> ConnectOptions {
        var connect = ConnectOptions(key: try key())
        if let url {
            guard let address = WebSocketURL(url) else {
                throw ValidationError("--url must be an address such as \(ConnectOptions.openAI)")
            }
            connect.url = address
        }
        connect.model = model
        connect.callID = callId
        connect.intent = intent
        connect.headers = try headers.map { try Self.field($0) }
        if let ca { connect.trust = .file(path: ca) }
        connect.sessionKey = sessionKey
        if let audioIn {
            connect.audio = AudioInput(audioIn == "-" ? .standardInput : .file(path: audioIn), isHurried: hurryAudio)
        }
        return connect
    }

    private static func field(_ text: String) throws -> (name: String, value: String) {
        guard let colon = text.firstIndex(of: ":") else {
            throw ValidationError("--header must be NAME:VALUE")
        }
        let (name, value) = (String(text[..<colon]), String(text[text.index(after: colon)...].drop { $0 == " " }))
        if ["authorization", "api-key"].contains(name.lowercased()) {
            throw ValidationError(
                "a key must not be an argument, as other users of the machine can read those: set OPENAI_API_KEY, or give --key-fd"
            )
        }
        return (name, value)
    }

    private func key() throws -> @Sendable () async throws -> String? {
        guard let keyFd else {
            return { HandlerSurroundings.environment(ConnectOptions.keyVariable) }
        }
        guard fcntl(keyFd, F_GETFD) >= 0 else {
            throw ValidationError("--key-fd \(keyFd) is not open: `--key-fd 3 3< key.txt`")
        }
        let key = KeyDescriptor(keyFd)
        return { try await key.read() }
    }
}

extension ConnectOptions.Intent: ExpressibleByArgument {}
