public import ArgumentParser
import RealtimeConnection
import RouterProgram

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
