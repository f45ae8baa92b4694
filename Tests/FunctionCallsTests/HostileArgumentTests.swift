import EventJSON
import EventRouter
import FunctionCalls
import LocalCommands
import RealtimeEvents
import Testing

/// What a model says reaches the command as it is, and nothing in it is ever interpreted.
@Suite(.timeLimit(.minutes(5)))
struct HostileArgumentTests {
    static let hostile: [String] = [
        "; rm -rf /", "$(touch ran)", "`touch ran`", "&& touch ran", "| touch ran", "> ran", "a\nb", "a\r\nb\n", "\t",
        "", " ", " x ", "'", "\"", "'\\''", "\\", "$HOME", "${HOME}", "~", "*", "?", "[a-z]", "%s%n", "{city}",
        "{{city}}",
        "../../etc/passwd", "/etc/passwd", "é\u{1F600}", "\u{202E}abc", "\u{1B}[2J", "#", "!!", "a=b", "=", ";", "&",
        "\u{FFFF}", "e\u{301}", "\u{7F}", "{\"city\":\"x\"}", String(repeating: "A", count: 100_000),
        String(repeating: "$(touch ran)", count: 8000),
    ]

    @Test(arguments: hostile) func aStringIsTheArgumentItself(text: String) async throws {
        let bench = try CallBench(
            CommandExecutor(
                try CommandTemplate([
                    "/bin/sh", "-c", #"printf '[%s][%s]%s' "$1" "$2" $#"#, "sh", "{city}", "--city={city}",
                ]),
                input: .none, workingDirectory: "work", baseFolder: try folder(),
                limits: .init(maximumOutput: 1 << 20)))
        let outcome = try await bench.run(["city": .string(text)])
        #expect(outcome.state == .completed)
        #expect(outcome.output == "[\(text)][--city=\(text)]2")
        #expect(scratch.names == ["work"], "nothing else was run")
    }

    private let scratch: ScratchFolder

    init() throws { scratch = try ScratchFolder() }

    /// A folder in which a command that was run by mistake would leave a file.
    private func folder() throws -> String {
        try makeFolder("\(scratch.path)/work")
        return scratch.path
    }

    static let values: [(JSONValue, String)] = [
        ("-rf", "--city=-rf"), (-5, "--city=-5"), (1e3, "--city=1000.0"),
        (.number(JSONNumber(text: "1.50E+2")!), "--city=1.50E+2"), (true, "--city=true"), (false, "--city=false"),
        (["a", 1, nil], #"--city=["a",1,null]"#), (["x": ["y": "z w"]], #"--city={"x":{"y":"z w"}}"#),
        ([], "--city=[]"),
    ]

    @Test(arguments: values) func valuesThatAreNoStringsAreTheirJSON(value: JSONValue, word: String) async throws {
        let bench = try CallBench(try shell(#"printf %s "$1""#, "--city={city}"))
        #expect(try await bench.run(["city": value]).output == word)
    }

    @Test func theLastOfTwoEqualNamesCountsEverywhere() async throws {
        let arguments = try JSONValue(parsing: #"{"city":"Oslo","city":"Rome"}"#)
        #expect(try await CallBench(try shell(#"printf %s "$1""#, "{city}")).run(arguments).output == "Rome")
    }
}
