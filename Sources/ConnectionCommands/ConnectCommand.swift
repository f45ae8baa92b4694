public import ArgumentParser
import RealtimeConnection
public import RealtimeRouter
public import RouterProgram

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// `connect`: opens a Realtime session, or the sideband of a call, and routes it.
public struct ConnectCommand: ProgramCommand {
    /// The command's name and help.
    public static let configuration = CommandConfiguration(
        commandName: "connect",
        abstract: "Opens a Realtime session, or the sideband of a call, and routes its events.",
        discussion: """
            Example: OPENAI_API_KEY=… realtime-router connect --model \(ConnectOptions.defaultModel) --record call.jsonl
            Example: realtime-router connect --url ws://127.0.0.1:8080/v1/realtime
            Example: realtime-router connect --call-id rtc_123

            The API key comes from OPENAI_API_KEY or from the file descriptor of --key-fd. It is never an argument, because other \
            users of the machine can read arguments. After the session begins, the router sends the `session` of routes.yml, with \
            the functions that its handlers announce. The router reconnects if the connection is lost. It uses the proxy of \
            HTTPS_PROXY, except for the hosts in NO_PROXY.

            The command ends when the server closes the session, or at SIGINT or SIGTERM. The exit code is 2 if the session could \
            not be opened, or if the connection was lost for good.
            """)

    @Option(help: ArgumentHelp("The model. By default, \(ConnectOptions.defaultModel) at OpenAI.", valueName: "model"))
    var model: String?

    @Option(help: ArgumentHelp("Connect to the sideband of the WebRTC or SIP call with this id.", valueName: "id"))
    var callId: String?

    @Option(
        help: ArgumentHelp("The server: wss://…, or ws://… without TLS. By default, OpenAI.", valueName: "url"))
    var url: String?

    @Option(
        help: ArgumentHelp(
            "The kind of session, if it is not a conversation: transcription or translation.", valueName: "kind"))
    var intent: ConnectOptions.Intent?

    @Option(help: ArgumentHelp("Read the API key from this file descriptor.", valueName: "number"))
    var keyFd: Int32?

    @Option(
        name: .customLong("header"),
        help: ArgumentHelp("An additional HTTP header of the request. May be repeated.", valueName: "name:value"))
    var headers: [String] = []

    @Option(
        help: ArgumentHelp(
            "A PEM file of certificate authorities to trust, in addition to the system's.", valueName: "file"))
    var ca: String?

    @Option(help: ArgumentHelp("The session's key. By default, the call's id or `session`.", valueName: "key"))
    var sessionKey: String?

    @Option(
        help: ArgumentHelp(
            "The user's audio: a WAV file, or - for standard input (16-bit PCM, mono, 24 kHz).",
            valueName: "file"))
    var audioIn: String?

    @Flag(help: "Send an audio file as fast as the server accepts it, not in real time.")
    var hurryAudio = false

    @OptionGroup var options: RunOptions

    /// Creates the command; swift-argument-parser sets its options.
    public init() {}

    /// Checks that the options do not contradict each other.
    ///
    /// - Throws: `ValidationError` with what is wrong.
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

    /// Routes the session until it ends.
    ///
    /// - Parameter handlers: the program's handler types.
    /// - Throws: the error that ends the program with an exit code other than 0.
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
            connect.audio = AudioInput(
                audioIn == "-" ? .standardInput : .file(path: audioIn), sendsAtFullSpeed: hurryAudio)
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
            return { HandlerContext.environment(ConnectOptions.keyVariable) }
        }
        guard fcntl(keyFd, F_GETFD) >= 0 else {
            throw ValidationError("--key-fd \(keyFd) is not open: `--key-fd 3 3< key.txt`")
        }
        let key = KeyDescriptor(keyFd)
        return { try await key.read() }
    }
}

extension ConnectOptions.Intent: ExpressibleByArgument {}
