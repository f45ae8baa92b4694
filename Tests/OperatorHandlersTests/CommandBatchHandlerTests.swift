import EventPatterns
import EventRouter
import LocalCommands
import OperatorHandlers
import RealtimeEvents
import RouterTesting
import ScratchFolders
import Testing

/// One command for all events that arrived since its last run.
@Suite(.timeLimit(.minutes(5))) struct CommandBatchHandlerTests {
    private static let lines = [
        #"{"type": "session.created", "session": {"id": "a"}}"#, #"{"type": "x", "text": "it's \"$HOME\"\\n"}"#,
        "{\"type\":\n \"x\",\r\n \"n\": 3}",
        #"{"type": "session.created", "session": {"id": "b"}}"#,
    ]

    /// Runs a script for the first event, and then for the events that arrived meanwhile.
    private func run(
        _ script: String, until begun: () async -> Void
    ) async throws -> (counts: HandlerCounts, errors: [String]) {
        let letters = MemoryDeadLetters()
        let command = LocalCommand(["/bin/sh", "-c", script], limits: CommandLimits(timeout: .seconds(240)))
        let handler = CommandBatchHandler(command, batching: BatchPolicy(interval: .seconds(3600)))
        let table = try RouteTable(
            handlers: [HandlerBinding("page", handler)],
            routes: [
                Route("any", match: try .init(json: #"{"type": ["x", "session.created"]}"#), to: ["page"]),
                Route("some", match: try .init(json: #"{"n": [{"exists": true}]}"#), to: ["page"]),
            ], deadLetters: letters)
        let router = Router(table)
        try await router.start()
        let source = ScriptedSource(key: "call-17")
        async let report = router.run(source, labels: [SessionLabel("tenant", "t0"), SessionLabel("tenant", "t\"1")])
        source.send(Self.lines[0])
        await begun()
        for line in Self.lines.dropFirst() { source.send(line) }
        source.end()
        let counts = try await report.handlers[0].counts
        await router.stop()
        return (counts, letters.letters.elements.map(\.error))
    }

    private func waitForFile(_ name: String, in folder: ScratchFolder) async {
        while (try? folder.read(name)) == nil { try? await Task.sleep(for: .milliseconds(2)) }
    }

    @Test func batch_hasALinePerEventWithItsSession() async throws {
        let folder = try ScratchFolder()
        let result = try await run(
            """
            cd '\(folder.path)'
            cat > in.new; echo "${ROUTER_SESSION-none}" >> env
            if [ -e first ]; then mv in.new second; else mv in.new first; fi
            """
        ) { await waitForFile("first", in: folder) }
        #expect(result.counts == HandlerCounts(matched: 4, delivered: 4))
        let head = #""labels":{"tenant":"t\"1"},"route":"any","event":"#
        #expect(try folder.read("first") == "{\"session\":\"call-17\",\(head)\(Self.lines[0])}\n")
        #expect(
            try folder.read("second") == """
                {"session":"call-17",\(head)\(Self.lines[1])}
                {"session":"call-17",\(head){"type":  "x",   "n": 3}}
                {"session":"call-17#2",\(head)\(Self.lines[3])}

                """)
        #expect(try folder.read("env") == "none\nnone\n")
    }

    @Test func failedBatch_makesADeadLetterOfEachEvent() async throws {
        let folder = try ScratchFolder()
        let result = try await run(
            "cd '\(folder.path)'; [ -e begun ] || { echo x > begun; exit 0; }; echo no line >&2; exit 75"
        ) {
            await waitForFile("begun", in: folder)
        }
        #expect(result.counts == HandlerCounts(matched: 4, delivered: 1, failed: 3, deadLetters: 3))
        #expect(result.errors == Array(repeating: "the command exited with status 75: no line", count: 3))
    }

    @Test func missingProgram_isReportedAtTheStart() async throws {
        let folder = try ScratchFolder()
        let handler = CommandBatchHandler(LocalCommand(["./page"], baseFolder: folder.path))
        let table = try RouteTable(handlers: [HandlerBinding("page", handler)], routes: [])
        let error = await #expect(throws: RouterFailure.self) { try await Router(table).start() }
        #expect(error?.description == "handler `page` did not start: \(folder.path)/./page: no such program")
    }
}
