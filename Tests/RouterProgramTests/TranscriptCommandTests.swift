import Foundation
import Testing

/// `realtime-router transcript`, on a database that a run filled.
@Suite struct TranscriptCommandTests {
    private static func routes(_ options: String) -> String {
        """
        version: 1
        handlers:
          transcript: { type: transcript, \(options) }
        routes: [ { name: all, to: transcript } ]
        """
    }

    private func filled() async throws -> Workplace {
        let place = try Workplace(routes: Self.routes("format: sqlite, output: t.db"))
        for session in ["quickstart", "interruption"] {
            let run = try await place.run("run", BuiltProgram.session(session))
            #expect(run.code == 0, "\(run.error)")
        }
        return place
    }

    @Test func search_findsUtterances() async throws {
        let place = try await filled()
        let search = try await place.run("transcript", "search", "the", "weather")
        #expect(
            search == .init(code: 0, output: "quickstart  0:00.6  caller  What's the weather in Lisbon?\n"),
            "\(search.error)")
        #expect(try await place.run("transcript", "search", "nowhere") == .init(code: 1))
        let json = try await place.run("transcript", "search", "refund*", "--format", "json", "--database", "t.db")
        #expect(
            json.output.hasPrefix(#"{"session":"quickstart","#) && json.output.contains("a refund for my last order"))
        let many = try await place.run("transcript", "search", "the", "--limit", "1")
        #expect(many.error == "warning: there are more than 1; `--limit` shows more of them\n")
    }

    @Test func transcript_showAndExport() async throws {
        let place = try await filled()
        let list = try await place.run("transcript", "show").output.split(separator: "\n").map { $0.dropFirst(26) }
        #expect(list == ["quickstart  6 utterances", "interruption  4 utterances"])
        let show = try await place.run("transcript", "show", "quickstart")
        #expect(
            show.output.hasPrefix("== quickstart\n 0:00.6  caller  What's the weather in Lisbon?\n 0:02.4  agent   It"),
            "\(show)")
        // The export equals a file that a handler writes in the same format.
        for format in ["jsonl", "text", "markdown", "vtt", "srt"] {
            let name = "t.\(format)"
            try place.write("routes-\(format).yml", Self.routes("format: \(format), output: \(name)"))
            _ = try await place.run("run", BuiltProgram.session("quickstart"), "--routes", "routes-\(format).yml")
            let export = try await place.run("transcript", "export", "quickstart", "--format", format)
            #expect(export == .init(code: 0, output: place.text(name) ?? ""), "\(format)")
        }
        #expect(try await place.run("transcript", "export").output.split(separator: "\n").count == 10)
    }

    @Test(arguments: [
        (["show", "none"], 1, "there is no session `none` in t.db; without a session, `show` lists them"),
        (["export", "none"], 2, "there is no session `none` in t.db"),
        (["search", "a", "--database", "no.db"], 2, "there is no database no.db"),
        (["search", "!"], 2, "there is no word to look for: give letters or digits"),
        (
            ["search", "a", "--routes", "Examples/CustomHandler/alarms.yml"], 2,
            "no handler in Examples/CustomHandler/alarms.yml keeps transcripts in a database\n   help: give one `format: sqlite`, or say `--database FILE`"
        ),
    ])
    func transcript_missingSession(_ words: [String], _ code: Int, _ message: String) async throws {
        let place = try await filled()
        let ending = try await place.run(["transcript"] + words)
        #expect(ending.code == code)
        #expect(ending.error.contains("error: \(message)\n"), "\(ending.error)")
    }

    @Test(arguments: [
        (
            "format: sqlite, output: \"-\"", "a database is a file, and `-` is standard output",
            "write `output: transcripts.db`"
        ),
        (
            "format: sqlite, output: \"{session}.db\"",
            "a database holds all sessions and days, so its path has no braces",
            "write `output: transcripts.db`"
        ),
        (
            "format: sqlite, output: t.db, max_size: 1MiB", "`max_size` does not apply to a database",
            "remove `max_size`"
        ),
    ])
    func transcript_withoutDatabase_isAnError(_ options: String, _ message: String, _ help: String) async throws {
        let place = try Workplace(routes: Self.routes(options))
        let check = try await place.run("check")
        #expect(check.code == 1)
        #expect(
            check.output.contains("error: \(message)\n") && check.output.contains("help: \(help)\n"), "\(check.output)")
    }

    @Test func transcript_programWithoutStore_isAnError() async throws {
        let place = try Workplace(routes: Self.routes("format: sqlite, output: t.db"))
        let help =
            "   help: in its Package.swift name the product TranscriptStore, in its code call `registry.registerTranscriptStore()`\n"
        let run = try await place.run("run", BuiltProgram.session("quickstart"), program: "CustomHandler")
        #expect(run.code == 2)
        #expect(run.error.contains("error: this program has no database for transcripts\n") && run.error.contains(help))
        let check = try await place.run("check", program: "CustomHandler")
        #expect(check.code == 0)
        #expect(check.output.contains("warning: this program has no database for transcripts\n"), "\(check.output)")
        let search = try await place.run("transcript", "search", "a", "--database", "t.db", program: "CustomHandler")
        #expect(search == .init(code: 2, error: "error: this program has no database for transcripts\n" + help))
    }
}
