import EventJSON
import EventRouter
import FunctionCalls
import LocalCommands
import RealtimeEvents
import ScratchFolders
import Testing

/// A command's standard input, environment and folders.
@Suite(.timeLimit(.minutes(5)))
struct InputTests {
    private let city: JSONValue = ["city": "São Paulo \"\n", "days": 3]

    @Test func stdin_argumentsAreALineOfJSON() async throws {
        let outcome = try await CallBench(try shell("read -r line && printf %s \"$line\" && cat")).run(city)
        #expect(outcome.output == #"{"city":"São Paulo \"\n","days":3}"#)
    }

    @Test func stdin_callHasAllMembers() async throws {
        let bench = try CallBench(try shell("cat", input: .call))
        try await bench.handler.start()
        try await bench.handler.handle(
            bench.watched.delivery("call_1", "f", city, labels: ["tenant": "acme", "line": "2"]))
        try await bench.handler.handle(bench.watched.delivery("call_2", "f"))
        let outcomes = await bench.watched.outcomes(2)
        #expect(
            Set(outcomes.map(\.output)) == [
                #"{"call_id":"call_1","name":"f","arguments":{"city":"São Paulo \"\n","days":3},"session":"demo","labels":{"line":"2","tenant":"acme"}}"#,
                #"{"call_id":"call_2","name":"f","arguments":{},"session":"demo","labels":{}}"#,
            ])
    }

    @Test func stdin_noneIsEmpty() async throws {
        #expect(try await CallBench(try shell("cat", input: .none)).run(city).output == "")
    }

    @Test func stdin_mayStayUnread() async throws {
        let bench = try CallBench([LocalFunction("f", executor: try CommandExecutor(["true"]))])
        try await bench.handler.start()
        let text = JSONValue.string(String(repeating: "x", count: 100_000))
        for index in 0..<1000 {
            try await bench.handler.handle(bench.watched.delivery("call_\(index)", "f", ["t": text]))
        }
        let outcomes = await bench.watched.outcomes(1000)
        #expect(Set(outcomes.map(\.state)) == [.completed])
        #expect(Set(outcomes.map(\.callID)).count == 1000)
    }

    struct KeyRow: Sendable {
        var session: String
        var id: String
        var seenSession: String
        var seenID: String
        var key: String
    }

    static let keys = [
        KeyRow(
            session: "demo", id: "call_1", seenSession: "demo", seenID: "call_1", key: "demo:call_1"),
        KeyRow(
            session: "demo#2", id: "a/../b c:é", seenSession: "demo#2", seenID: "a/../b c:é",
            key: "demo%232:a%2F..%2Fb%20c%3A%C3%A9"),
        KeyRow(session: "-rf", id: "-1", seenSession: "-rf", seenID: "-1", key: "%2Drf:-1"),
        KeyRow(
            session: "a\0b", id: "c\n\u{1B}", seenSession: "a\u{FFFD}b", seenID: "c\u{FFFD}\u{FFFD}",
            key: "a%00b:c%0A%1B"),
        KeyRow(
            session: "s", id: String(repeating: "x", count: 200_000), seenSession: "s",
            seenID: String(repeating: "x", count: 1024),
            key: "s:" + String(repeating: "x", count: 181) + "~" + "bbc25d947d6cbbc8"),
    ]

    @Test(arguments: keys) func environment_namesTheCall(row: KeyRow) async throws {
        let watched = WatchedSession(row.session, sessionID: nil)
        let executor = try shell(
            #"printf '%s|%s|%s' "$ROUTER_SESSION" "$ROUTER_CALL_ID" "$ROUTER_CALL_KEY""#, input: .none)
        let handler: FunctionCallHandler = .functionCalls(["f": executor])
        try await handler.handle(watched.delivery(row.id, "f"))
        let outcome = await watched.outcomes(1)[0]
        #expect(outcome.output == "\(row.seenSession)|\(row.seenID)|\(row.key)")
    }

    @Test func environment_inheritsOnlyNamedVariables() async throws {
        var executor = try CommandExecutor(["env"])
        let seen = try await CallBench(executor).run().output ?? ""
        let names = seen.split(separator: "\n").compactMap { $0.split(separator: "=").first }.sorted()
        #expect(names == ["HOME", "PATH", "ROUTER_CALL_ID", "ROUTER_CALL_KEY", "ROUTER_SESSION"])
        #expect(seen.contains("/realtime-router-home-"))
        executor.inherited = ["HOME"]
        #expect(try await CallBench(executor).run().output?.contains("/realtime-router-home-") == false)
    }

    @Test func paths_areRelativeToTheBaseFolder() async throws {
        let folder = try ScratchFolder()
        try makeFolder("\(folder.path)/work")
        let executor = CommandExecutor(
            try CommandTemplate(["pwd"]), workingDirectory: "work", baseFolder: folder.path)
        #expect(try await CallBench(executor).run().output == "\(folder.path)/work")
        let standard = CommandExecutor(try CommandTemplate(["pwd"]), baseFolder: folder.path)
        #expect(try await CallBench(standard).run().output == folder.path)
    }

    @Test(
        arguments: [
            (["city": "Oslo", "units": "C"], "Oslo|--units|C|"), (["city": "Oslo"], "Oslo|"),
            (["city": "Oslo", "units": nil], "Oslo|"),
            (["city": "-5", "units": "-"], "-5|--units|-|"),
        ] as [(JSONValue, String)])
    func aGroupVanishesAndADashIsAllowed(_ arguments: JSONValue, _ seen: String) async throws {
        let template = try CommandTemplate(
            ["/bin/sh", "-c", "printf '%s|' \"$@\"", "sh", "{city}", ["--units", "{units}"]], allowsDash: true)
        #expect(try await CallBench(CommandExecutor(template)).run(arguments).output == seen)
    }
}
