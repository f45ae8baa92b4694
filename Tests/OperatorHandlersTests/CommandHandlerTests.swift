import EventPatterns
import EventRouter
import Foundation
import LocalCommands
import OperatorHandlers
import RealtimeEvents
import RouterTesting
import ScratchFolders
import Testing

@Suite(.timeLimit(.minutes(5))) struct CommandHandlerTests {
    private static let event = #"{"type": "x", "text": "it's \"$HOME\""}"#

    /// Runs a command for one event, and returns the result of the delivery.
    private func run(
        _ command: LocalCommand, givesEvent: Bool = true, retry: RetryPolicy = .once, key: String = "call-17"
    ) async throws -> (counts: HandlerCounts, errors: [String]) {
        let letters = MemoryDeadLetters()
        let handler = CommandHandler(command, givesEvent: givesEvent)
        let table = try RouteTable(
            handlers: [HandlerBinding("page", handler, retry: retry)],
            routes: [
                Route("first", match: try .init(json: #"{"type": ["x"]}"#), to: ["page"]),
                Route("second", match: try .init(json: #"{"text": [{"exists": true}]}"#), to: ["page"]),
            ], deadLetters: letters)
        let router = Router(table)
        try await router.start()
        let report = try await router.run(ScriptedSource([Self.event], key: key))
        await router.stop()
        return (report.handlers[0].counts, letters.letters.elements.map(\.error))
    }

    private func shell(_ script: String, _ limits: CommandLimits = CommandLimits(timeout: .seconds(240)))
        -> LocalCommand
    {
        LocalCommand(["/bin/sh", "-c", script], limits: limits)
    }

    @Test func command_getsTheEventAndItsSession() async throws {
        let folder = try ScratchFolder()
        let result = try await run(
            shell("cat > '\(folder.path)/in'; echo \"$ROUTER_SESSION/$ROUTER_ROUTE\" > '\(folder.path)/env'"))
        #expect(result.counts == HandlerCounts(matched: 1, delivered: 1))
        #expect(try folder.read("in") == Self.event + "\n")
        #expect(try folder.read("env") == "call-17/first\n")
    }

    @Test func command_canGetNoInput() async throws {
        let folder = try ScratchFolder()
        let result = try await run(shell("cat > '\(folder.path)/in'"), givesEvent: false)
        #expect(result.counts.delivered == 1)
        #expect(try folder.read("in") == "")
    }

    @Test(arguments: [
        ("exit 3", "the command exited with status 3"),
        ("echo one >&2; echo 'no such channel' >&2; exit 1", "the command exited with status 1: no such channel"),
        ("kill -9 $$", "the command was ended by signal 9"),
    ])
    func aCommandThatFailsIsADeadLetter(_ script: String, _ error: String) async throws {
        let result = try await run(shell(script))
        #expect(result.counts == HandlerCounts(matched: 1, failed: 1, deadLetters: 1))
        #expect(result.errors == [error])
    }

    @Test func timeout_endsTheCommand() async throws {
        let limits = CommandLimits(timeout: .milliseconds(100), killAfter: .milliseconds(100))
        let result = try await run(shell("trap '' TERM; echo still here >&2; sleep 600 & wait; sleep 600", limits))
        #expect(result.counts == HandlerCounts(matched: 1, failed: 1, deadLetters: 1))
        #expect(result.errors == ["the command took too long: still here"])
    }

    @Test func failedCommand_isRetriedByThePolicy() async throws {
        let folder = try ScratchFolder()
        let result = try await run(
            shell("echo x >> '\(folder.path)/tries'; test $(wc -l < '\(folder.path)/tries') -eq 2"),
            retry: RetryPolicy(attempts: 3, backoff: .milliseconds(1)))
        #expect(result.counts == HandlerCounts(matched: 1, delivered: 1, failed: 1, retried: 1))
        #expect(try folder.read("tries") == "x\nx\n")
    }

    @Test func sessions_runConcurrentlyEachInOrder() async throws {
        let folder = try ScratchFolder()
        for name in ["a", "b"] { #expect(mkfifo(folder.path + "/" + name, 0o600) == 0) }
        // The first two commands end only if both are running: each opens one end of its own pipe and one end of the
        // other's.
        let script = """
            cd '\(folder.path)'
            case $(cat) in
            *first-a*) echo x > a; read -r _ < b; which=first ;;
            *first-b*) read -r _ < a; echo x > b; which=first ;;
            *) which=last ;;
            esac
            echo "$ROUTER_SESSION $which" >> ended
            """
        let lines = ["a", "b"].flatMap { name in
            [
                #"{"type": "session.created", "session": {"id": "\#(name)"}}"#,
                #"{"type": "x", "event_id": "first-\#(name)"}"#, #"{"type": "x", "event_id": "last-\#(name)"}"#,
            ]
        }
        let table = try RouteTable(
            handlers: [HandlerBinding("page", CommandHandler(shell(script), concurrentSessions: 2))],
            routes: [Route("x", match: try .init(json: #"{"type": ["x"]}"#), to: ["page"])])
        let router = Router(table)
        try await router.start()
        let report = try await router.run(ScriptedSource(lines, key: "call"))
        await router.stop()
        #expect(report.handlers[0].counts == HandlerCounts(matched: 4, delivered: 4))
        let ended = try folder.read("ended").split(separator: "\n")
        #expect(ended.filter { $0.hasPrefix("call ") } == ["call first", "call last"])
        #expect(ended.filter { $0.hasPrefix("call#2 ") } == ["call#2 first", "call#2 last"])
    }

    @Test func missingProgram_isReportedAtTheStart() async throws {
        let folder = try ScratchFolder()
        let error = await #expect(throws: RouterFailure.self) {
            try await run(LocalCommand(["./page"], baseFolder: folder.path))
        }
        #expect(error?.description == "handler `page` did not start: \(folder.path)/./page: no such program")
    }

    @Test func deadline_endsARunningCommand() async throws {
        let folder = try ScratchFolder()
        let letters = MemoryDeadLetters()
        let begun = folder.path + "/begun"
        #expect(mkfifo(begun, 0o600) == 0)
        let handler = CommandHandler(
            shell("echo x > '\(begun)'; sleep 600", CommandLimits(timeout: .seconds(600), killAfter: .seconds(1))))
        let table = try RouteTable(
            handlers: [HandlerBinding("page", handler)],
            routes: [Route("x", match: try .init(json: #"{"type": ["x"]}"#), to: ["page"])], deadLetters: letters)
        let clock = ManualClock()
        let router = Router(table, clock: clock)
        try await router.start()
        let source = ScriptedSource()
        async let report = router.run(source)
        source.send(Self.event)
        #expect(await firstByte(ofPipe: begun) == CInt(UInt8(ascii: "x")))
        async let stopping: Void = router.shutDown(within: .seconds(10))
        await clock.waitForSleepers()
        clock.advance(by: .seconds(10))
        await stopping
        #expect(try await report.handlers[0].counts == HandlerCounts(matched: 1, failed: 1, deadLetters: 1))
        #expect(letters.letters.elements.map(\.reason) == [.shutdown])
        await router.stop()
    }

    /// Waits for the writer of a named pipe. Uses a thread of its own: the threads of the concurrency pool must not
    /// block, since one of them has to start the program.
    private func firstByte(ofPipe path: String) async -> CInt? {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                let file = fopen(path, "r")
                continuation.resume(returning: file.map { fgetc($0) })
                if let file { fclose(file) }
            }
        }
    }

    @Test func handler_keepsTheContract() async throws {
        let command = shell("cat > /dev/null")
        let events = [try RealtimeEvent(json: Self.event)]
        #expect(
            await HandlerContract.violations(events: events, timeout: .seconds(90)) { CommandHandler(command) } == [])
    }
}
