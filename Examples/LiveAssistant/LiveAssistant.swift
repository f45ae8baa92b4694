// A voice agent: it opens a session, sends the microphone's audio, plays the answers, runs functions and records the call.
// The rules are in assistant.yml beside this file.
//
//     export OPENAI_API_KEY=…
//     arecord -q -f S16_LE -c 1 -r 24000 -t raw | LiveAssistant | aplay -q -f S16_LE -c 1 -r 24000 -t raw
//
// With a URL as its argument, it connects to that server, such as `realtime-router mock`. Without a key and a URL, it runs
// a mock server with conversation.yml, and sends question.wav instead of the microphone's audio.

import Dispatch
import Logging
import RealtimeConnection
import RealtimeRouter

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

@main
struct LiveAssistant {
    private static let folder = #filePath.split(separator: "/").dropLast().map { "/" + $0 }.joined()

    static func main() async {
        do { try await begin() } catch {
            say("error: \(error)")
            exit(2)
        }
    }

    private static func begin() async throws {
        // `aplay` may end first, and a write must not end this program then.
        signal(SIGPIPE, SIG_IGN)
        let key = getenv(ConnectOptions.keyVariable).map { String(cString: $0) }
        var options = ConnectOptions { key }
        options.audio = AudioInput(.standardInput)
        options.sessionKey = "call"
        if let url = CommandLine.arguments.dropFirst().first {
            guard let url = WebSocketURL(url) else {
                throw Unusable(description: "expected a URL such as ws://127.0.0.1:8080, found \(url)")
            }
            options.url = url
        } else if key == nil {
            return try await rehearse(options)
        }
        try await converse(options, Player(standardOutput: true), recordings: ".")
    }

    /// Runs the conversation with a mock server in this process, without a sound card.
    private static func rehearse(_ options: ConnectOptions) async throws {
        let diagnostics = Diagnostics()
        guard let script = MockRecording.load(path: folder + "/conversation.yml", diagnostics) else {
            throw Unusable(description: diagnostics.rendered())
        }
        let threads = ConnectionThreads()
        let server = MockServer([script], port: 0, threads: threads, logger: Logger(label: "server"))
        try await server.start()
        var options = options
        options.url = WebSocketURL(server.url ?? "") ?? options.url
        options.audio = AudioInput(.file(path: folder + "/question.wav"))
        try await converse(options, Player(standardOutput: false), recordings: try makeTemporaryFolder())
        await server.stop()
        await threads.end()
        if let fault = server.faults.first { throw fault.fault }
    }

    /// Runs one session until the server ends it, or until SIGINT.
    private static func converse(_ options: ConnectOptions, _ player: Player, recordings: String) async throws {
        var registry = HandlerRegistry.standard
        registry.register("player") { _ in player }
        registry.register("words") { _ in
            ClosureHandler(interests: [.routerUtteranceDone, .routerFunctionCallDone], show)
        }
        registry.function("set_timer") { call in
            guard let minutes = call.arguments?["minutes"]?.int else { throw MissingMinutes() }
            return FunctionCallResult("The timer rings in \(minutes) minutes.")
        }
        let router = Router(
            try RouteConfiguration(path: folder + "/assistant.yml", registry: registry, outputFolder: recordings))
        try await router.start()
        signal(SIGINT, SIG_IGN)
        let interrupt = DispatchSource.makeSignalSource(signal: SIGINT)
        interrupt.setEventHandler { Task { await router.shutDown(within: .seconds(5)) } }
        interrupt.activate()
        defer { interrupt.cancel() }
        let report = try await router.run(ConnectSource(options))
        await router.stop()
        say("\(report.sent) events sent, recorded to \(recordings)/call.wav")
        if let failure = report.failure { throw failure }
    }

    /// Prints utterances and the outputs of functions.
    @Sendable private static func show(_ delivery: EventDelivery) throws {
        if delivery.event.type == .routerFunctionCallDone {
            let outcome = try delivery.event.decode(FunctionCallOutcome.self)
            return say("  \(outcome.name ?? ""): \(outcome.output ?? "")")
        }
        let utterance = try delivery.event.decode(Utterance.self)
        let end = utterance.status == .interrupted ? " … (interrupted)" : ""
        say("\(utterance.role == .user ? "you" : "assistant"): \(utterance.text ?? "")\(end)")
    }

    private static func makeTemporaryFolder() throws -> String {
        let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array("\(base)/live-assistant-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw Unusable(description: "cannot make a folder in \(base)")
        }
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

/// Writes a line to standard error, because standard output carries audio.
func say(_ line: String) {
    let bytes = Array("\(line)\n".utf8)
    _ = write(STDERR_FILENO, bytes, bytes.count)
}

/// The reason why the assistant cannot start.
struct Unusable: Error, CustomStringConvertible {
    let description: String
}

/// An error whose text is sent to the model.
struct MissingMinutes: FunctionCallError {
    var reasonForModel: String { "say for how many minutes" }
}
