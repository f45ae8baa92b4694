public import ArgumentParser
import ConfigSource
import HTTPService
import RealtimeConnection
public import RealtimeRouter
public import RouterProgram

/// `mock`: a Realtime endpoint for tests of an agent.
public struct MockCommand: ProgramCommand {
    /// The command's name and help.
    public static let configuration = CommandConfiguration(
        commandName: "mock", abstract: "Plays recordings or scripts as a Realtime server, to test clients.",
        discussion: """
            Example: realtime-router mock refund.yml --listen 127.0.0.1:0 --once --verify

            The first line of output is the URL for the client. SESSION is a recording (JSON Lines, as --record writes it, or only the \
            server's events) or a script in YAML:

              - user: I want a refund        # waits for 500 ms of audio, a commit or a typed message
              - agent: Let me look.          # answers with silent audio and words, or with text
              - call: get_order              # calls a function and waits for its output
                arguments: { id: 7 }
              - agent: It was sent to you yesterday.
              - interrupt: Yesterday?        # the user interrupts the answer above
              - expect: { type: response.create }
              - error: { code: rate_limit_exceeded, message: Too fast. }
              - wait: 2s

            If a server event follows a client event in the recording, the mock sends it only after the client has sent such an \
            event. If the client breaks the protocol, the mock prints the reason on standard error and sends the error that the API \
            would send.

            The exit code is 0 after the last session (--once, --sessions), 1 if a client broke the protocol (--verify), 2 if an \
            argument or a file cannot be used, 3 if a recording could not be written, 130 after SIGINT, and 143 after SIGTERM.
            """)

    @Argument(help: "The recordings and scripts to play.")
    var sessions: [String]

    @Option(
        help: ArgumentHelp(
            "The address to listen on: an IP address and a port; port 0 for any free port.", valueName: "address"))
    var listen: ListenAddress

    @OptionGroup var tls: ServerTLSOptions

    @Option(
        help:
            "How to choose a client's session: order, model (of the URL's query) or path (its last part is the file's name)."
    )
    var select: MockServerOptions.Selection = .order

    @Flag(help: "End after one session.")
    var once = false

    @Option(name: .customLong("sessions"), help: ArgumentHelp("End after this number of sessions.", valueName: "n"))
    var sessionCount: Int?

    @Flag(help: "Exit with 1 if a client broke the protocol.")
    var verify = false

    @Option(help: ArgumentHelp("How long to wait for an event that the client has to send.", valueName: "duration"))
    var wait: DurationArgument = DurationArgument(duration: .seconds(10))

    @Option(
        help: ArgumentHelp(
            "Send events at this multiple of the recorded speed, instead of as fast as the client allows.",
            valueName: "n"))
    var speed: Double?

    @Option(help: ArgumentHelp("Record each session to a file in this folder.", valueName: "folder"))
    var record: String?

    @OptionGroup(title: "Faults")
    var faults: MockFaultOptions

    /// Creates the command; swift-argument-parser sets its options.
    public init() {}

    /// Checks that the options do not contradict each other.
    public func validate() throws {
        if once, sessionCount != nil { throw ValidationError("--once is --sessions 1: give one of the two") }
        if let sessionCount, sessionCount < 1 { throw ValidationError("--sessions must be at least 1") }
        if let speed, !(speed > 0 && speed.isFinite) { throw ValidationError("--speed must be a number above 0") }
        if sessions.isEmpty { throw ValidationError("give a SESSION: a recording or a script") }
        try faults.validate()
    }

    /// Serves clients until the last session has ended or a signal arrives.
    public func run(_ handlers: HandlerRegistry) async throws {
        let recordings = try readSessions()
        let threads = ConnectionThreads()
        let server = MockServer(
            recordings, address: listen.address, port: listen.port, certificate: try tls.certificate(),
            options: options,
            threads: threads, logger: RouterProgram.logger
        ) { [verify] fault in verify ? Terminal.error("\(fault)") : Terminal.warning("\(fault)") }
        try await server.start()
        let signals = TerminationSignals { _ in Task { await server.stop() } }
        Terminal.print(server.url ?? "")
        await server.waitForEnd()
        await threads.end()
        if let code = signals.exitCode { throw ExitCode(code) }
        if verify, !server.faults.isEmpty { throw ProgramExit.negative }
        if server.lacksRecords { throw ProgramExit.incomplete }
    }

    private func readSessions() throws -> [MockRecording] {
        let diagnostics = Diagnostics()
        let recordings = sessions.compactMap { MockRecording.load(path: $0, diagnostics) }
        if !diagnostics.isEmpty { Terminal.write(diagnostics.rendered()) }
        if diagnostics.hasErrors || recordings.isEmpty { throw ProgramExit.unusable() }
        return recordings
    }

    private var options: MockServerOptions {
        var options = MockServerOptions()
        options.selection = select
        options.sessions = once ? 1 : sessionCount
        options.recordFolder = record
        options.play.wait = wait.duration
        options.play.speed = speed
        faults.apply(to: &options)
        return options
    }
}

/// The options for faults that the mock injects.
struct MockFaultOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("Drop the connection after this number of events, without a close frame.", valueName: "n"))
    var disconnectAfter: Int?

    @Flag(help: "Split messages into WebSocket fragments, and send these in small pieces.")
    var fragment = false

    @Option(help: ArgumentHelp("Delay each event by this duration.", valueName: "duration"))
    var delay: DurationArgument?

    @Flag(help: "Insert events of unknown types, and unknown fields.")
    var unknownEvents = false

    @Option(
        help: ArgumentHelp(
            "Let the session expire after this duration: send the error session_expired, then close with 1001.",
            valueName: "duration"))
    var expireAfter: DurationArgument?

    @Option(
        help: ArgumentHelp(
            "Refuse each handshake with this HTTP status and an error body like the API's.", valueName: "status")
    )
    var handshakeStatus: Int?

    @Flag(help: "Send the user's transcription only after the response.")
    var lateTranscripts = false

    func validate() throws {
        if let disconnectAfter, disconnectAfter < 1 { throw ValidationError("--disconnect-after must be at least 1") }
        if let handshakeStatus, !(300...599).contains(handshakeStatus) {
            throw ValidationError("--handshake-status must be an HTTP status from 300 to 599")
        }
    }

    func apply(to options: inout MockServerOptions) {
        options.fragments = fragment
        options.handshakeStatus = handshakeStatus
        options.play.disconnectAfter = disconnectAfter
        options.play.delay = delay?.duration ?? .zero
        options.play.sendsUnknownEvents = unknownEvents
        options.play.expireAfter = expireAfter?.duration
        options.play.sendsTranscriptsLate = lateTranscripts
    }
}

extension MockServerOptions.Selection: ExpressibleByArgument {}
