public import ArgumentParser
import ConfigSource
import HTTPService
import RealtimeConnection
public import RealtimeRouter
public import RouterProgram

/// A Realtime endpoint to test an agent with.
public struct MockCommand: ProgramCommand {
    /// The command's name and help.
    public static let configuration = CommandConfiguration(
        commandName: "mock", abstract: "Plays recordings or scripts as a Realtime endpoint, for any client.",
        discussion: """
            Example: realtime-router mock refund.yml --listen 127.0.0.1:0 --once --verify

            The first line that it prints is the URL for the client. A SESSION is a recording (JSON Lines, as --record writes it, or the \
            server's events alone), or a script in YAML:

              - user: I want a refund        # speaks 500 ms, commits or types
              - agent: Let me look.          # silence and words, or text only
              - call: get_order              # waits for the output
                arguments: { id: 7 }
              - agent: It was sent to you yesterday.
              - interrupt: Yesterday?        # cuts the answer before it
              - expect: { type: response.create }
              - error: { code: rate_limit_exceeded, message: Too fast. }
              - wait: 2s

            An event that comes after the client's in the recording waits until the client has sent one like it. What the client does wrong \
            is reported on standard error, with the reason, and answered as the API does.

            The exit code is 0 at the end (--once, --sessions), 1 if a client did wrong (--verify), 2 when something cannot be used, 3 \
            when a recording could not be written, 130 and 143 after SIGINT and SIGTERM.
            """)

    @Argument(help: "The recordings and scripts.")
    var sessions: [String]

    @Option(
        help: ArgumentHelp("The address to listen on: an IP address and a port; port 0 for any.", valueName: "address"))
    var listen: ListenAddress

    @OptionGroup var tls: ServerTLSOptions

    @Option(
        help:
            "Which of several sessions a client gets: order, model (of the query) or path (its last part, the file's name)."
    )
    var select: MockServerOptions.Selection = .order

    @Flag(help: "Ends after one session.")
    var once = false

    @Option(name: .customLong("sessions"), help: ArgumentHelp("Ends after so many sessions.", valueName: "n"))
    var sessionCount: Int?

    @Flag(help: "The exit code is 1 if a client did wrong.")
    var verify = false

    @Option(help: ArgumentHelp("How long a client may take to do its part.", valueName: "duration"))
    var wait: DurationArgument = DurationArgument(duration: .seconds(10))

    @Option(
        help: ArgumentHelp(
            "Events come so many times faster than recorded, not as fast as the client goes.", valueName: "n"))
    var speed: Double?

    @Option(help: ArgumentHelp("A folder for recordings of what happened, a file per session.", valueName: "folder"))
    var record: String?

    @OptionGroup(title: "Faults")
    var faults: MockFaultOptions

    /// Makes the command; swift-argument-parser sets its options.
    public init() {}

    /// Checks what the parser cannot.
    public func validate() throws {
        if once, sessionCount != nil { throw ValidationError("--once is --sessions 1: give one of the two") }
        if let sessionCount, sessionCount < 1 { throw ValidationError("--sessions must be at least 1") }
        if let speed, !(speed > 0 && speed.isFinite) { throw ValidationError("--speed must be a number above 0") }
        if sessions.isEmpty { throw ValidationError("give a SESSION: a recording or a script") }
        try faults.validate()
    }

    /// Runs the command.
    public func run(_ handlers: HandlerRegistry) async throws {
        let recordings = try readSessions()
        let threads = ConnectionThreads()
        let server = MockServer(
            recordings, address: listen.address, port: listen.port, certificate: try tls.certificate(),
            options: options,
            threads: threads, logger: RouterProgram.logger
        ) { [verify] fault in verify ? Terminal.error("\(fault)") : Terminal.warning("\(fault)") }
        try await server.start()
        let signals = Signals { _ in Task { await server.stop() } }
        Terminal.print(server.url ?? "")
        await server.waitForEnd()
        await threads.end()
        if let code = signals.exitCode { throw ExitCode(code) }
        if verify, !server.faults.isEmpty { throw ProgramEnding.no }
        if server.lacksRecords { throw ProgramEnding.incomplete }
    }

    private func readSessions() throws -> [MockRecording] {
        let diagnostics = Diagnostics()
        let recordings = sessions.compactMap { MockRecording.load(path: $0, diagnostics) }
        if !diagnostics.isEmpty { Terminal.write(diagnostics.rendered()) }
        if diagnostics.hasErrors || recordings.isEmpty { throw ProgramEnding.unusable() }
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

/// The faults that a mock endpoint injects.
struct MockFaultOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Cuts the connection after so many events, without a close frame.", valueName: "n"))
    var disconnectAfter: Int?

    @Flag(help: "Sends messages in fragments, and these in small pieces.")
    var fragment = false

    @Option(help: ArgumentHelp("Sends each event so much later.", valueName: "duration"))
    var delay: DurationArgument?

    @Flag(help: "Sends events of unknown types and unknown fields in between.")
    var unknownEvents = false

    @Option(
        help: ArgumentHelp(
            "The session expires: the error session_expired, then the close code 1001.", valueName: "duration"))
    var expireAfter: DurationArgument?

    @Option(
        help: ArgumentHelp("Refuses each handshake with this status and an error body of the API.", valueName: "status")
    )
    var handshakeStatus: Int?

    @Flag(help: "Sends the user's words only after the response to them.")
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
