import Testing

/// Wrong arguments, and the help texts.
@Suite struct UsageTests {
    private let wrongCalls = [
        "chek", "--verson", "run --routes", "run --speed", "run --speed fast", "run --speed 0x",
        "run --label", "run --label tenant", "run --label =acme", "run --dialect klingon", "run --summary xml",
        "run --frob",
        "run one two", "check --format xml", "check one two", "inspect --routes x",
    ]

    @Test func usage_wrongArguments_areErrors() async throws {
        let place = try Workplace()
        var snapshot = Snapshot("realtime-router", .init(code: 2), in: place)
        for words in wrongCalls {
            let ending = try await place.run(words.split(separator: " ").map(String.init))
            #expect(ending.code == 2 && ending.output == "", "\(words)")
            #expect(ending.error.hasPrefix("error: "), "\(words)")
            // Messages must not contain names from the source code.
            #expect(!ending.error.contains(/[A-Z][a-z]+(Command|Argument|Format|Option|Error)\b|Optional\(|Swift\./))
            snapshot.add(words, lineList(ending.error))
        }
        try snapshot.check("usage/wrong-calls")
    }

    @Test(arguments: [
        (["run", "nothing.jsonl"], "cannot read nothing.jsonl: No such file or directory"),
        (["inspect", "nothing.jsonl"], "cannot read nothing.jsonl: No such file or directory"),
        (["run", "Examples"], "cannot read Examples: no file in this folder ends in .jsonl"),
        (
            ["inspect", "Examples"],
            "cannot read Examples: it is a folder; give a file of JSON Lines, or - for standard input"
        ),
        (
            ["run", "Examples/Sessions/tool-call.jsonl", "--outbound", "."],
            "cannot write .: it is a folder"
        ),
        (
            ["run", "Examples/Sessions/tool-call.jsonl", "--log", "routes.yml/log.jsonl"],
            "cannot write routes.yml/log.jsonl: Not a directory"
        ),
    ])
    func usage_unusableFile_exitsWith2(_ words: [String], _ error: String) async throws {
        #expect(try await Workplace().run(words) == .init(code: 2, error: "error: \(error)\n"))
    }

    @Test func usage_unknownCommand_listsCommands() async throws {
        let ending = try await Workplace().run("frobnicate")
        #expect(ending.code == 2 && ending.output == "")
        let said = "error: there is no command `frobnicate`\n   help: commands: `run`, `check`, "
        #expect(ending.error.hasPrefix(said))
    }

    @Test(arguments: [
        "run", "check", "explain", "test", "match", "inspect", "diff", "graph", "tools", "schema", "init",
        "mock", "proxy",
    ])
    func help_hasAnExample(_ command: String) async throws {
        let place = try Workplace()
        let ending = try await place.run(command, "--help")
        #expect(ending.code == 0 && ending.error == "")
        #expect(ending.output.contains("\nExample: realtime-router \(command) "))
        #expect(try await place.run("help", command) == ending)
        let top = try await place.run("--help")
        #expect(top.code == 0 && top.output.contains("\n  \(command) "))
    }

    @Test(arguments: ["run", "check", "inspect", "proxy"])
    func help_wholeText(_ command: String) async throws {
        let place = try Workplace()
        try Snapshot("realtime-router \(command) --help", try await place.run(command, "--help"), in: place)
            .check("usage/help-\(command)")
    }

    @Test func help_isShownWithoutCommand() async throws {
        let place = try Workplace()
        #expect(try await place.run() == place.run("--help"))
    }
}
