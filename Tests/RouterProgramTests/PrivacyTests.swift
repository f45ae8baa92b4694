import Foundation
import Testing

/// `privacy` applies to everything that the built-in handlers write, and `forget` erases all of it.
@Suite struct PrivacyTests {
    private static let routes = """
        version: 1
        privacy:
          redact:
            - { regexp: "[0-9]{4}( ?[0-9]{4}){3}" }
            - { phrase: [ "my pin is" ] }
            - { field: card }
        dead_letters: { path: dead.jsonl }
        handlers:
          lines: { type: transcript, output: t.jsonl }
          pages: { type: transcript, output: "calls/{session}.txt", format: text }
          database: { type: transcript, output: t.db, format: sqlite }
          screen: { type: console, output: console.txt }
          meter: { type: metrics, sessions: sessions.jsonl }
          tools:
            type: function_call
            journal: calls.jsonl
            functions: { pay: { command: [ ./pay ] } }
          failing: { type: command, command: [ ./fail ] }
        routes:
          - { name: words, to: [ lines, pages, database, screen ] }
          - { name: calls, to: [ tools ] }
          - { name: figures, to: [ meter ] }
          - { name: cards, match: { type: router.utterance.done, text: [ { phrase: "4111 1111 1111 1111" } ] }, to: [ failing ] }
        """

    private static let session = #"""
        {"type":"session.created","session":{"id":"s"}}
        {"type":"conversation.item.added","previous_item_id":null,"item":{"id":"u1","type":"message","role":"user","status":"completed","content":[{"type":"input_text","text":"It is 4111 1111 1111 1111 and my PIN is 99"}]}}
        {"type":"response.created","response":{"id":"r1"}}
        {"type":"response.output_item.done","response_id":"r1","item":{"id":"f1","type":"function_call","status":"completed","call_id":"c1","name":"pay","arguments":"{\"card\":\"sesame\",\"note\":\"4111111111111111\"}"}}
        {"type":"response.done","response":{"id":"r1","status":"completed"}}
        {"type":"broken 4111 1111 1111 1111

        """#

    private func place() async throws -> Workplace {
        let place = try Workplace(routes: Self.routes)
        try place.write("session.jsonl", Self.session)
        try await place.writeProgram(
            "pay", "#!/bin/sh\ncat > got; echo '{\"card\":\"sesame\",\"ok\":true}'; echo 4111 1111 1111 1111 >&2\n")
        try await place.writeProgram("fail", "#!/bin/sh\ncat >&2; exit 1\n")
        let run = try await place.run("run", "session.jsonl", "--log", "log.jsonl", "--label", "card=sesame")
        #expect(run.code == 3, "\(run.error)")
        return place
    }

    /// Every byte of every file that the run wrote, by path.
    private func written(_ place: Workplace) throws -> [String: String] {
        let own: Set = ["session.jsonl", "routes.yml", "pay", "fail", "got", "Examples"]
        var files: [String: String] = [:]
        for name in try FileManager.default.subpathsOfDirectory(atPath: place.path)
        where !own.contains(name) && !name.hasPrefix("Examples/") && name != "calls" {
            files[name] = String(decoding: try Data(contentsOf: URL(filePath: "\(place.path)/\(name)")), as: UTF8.self)
        }
        return files
    }

    @Test func redact_secretIsNotWritten() async throws {
        let place = try await place()
        let files = try written(place)
        #expect(
            Set(files.keys).isSuperset(of: [
                "t.jsonl", "calls/session.txt", "t.db", "console.txt", "calls.jsonl", "dead.jsonl", "log.jsonl",
            ]))
        for (name, text) in files {
            for secret in ["4111", "PIN", "sesame"] { #expect(!text.contains(secret), "\(secret) in \(name)") }
        }
        #expect(files["t.jsonl"]?.contains(#""text":"It is *** and *** 99""#) == true)
        #expect(files["calls.jsonl"]?.contains(#""arguments":{"card":"***","note":"***"}"#) == true)
        #expect(files["calls.jsonl"]?.contains(#""output":"{\"card\":\"***\",\"ok\":true}""#) == true)
        // The rule matched the unredacted words, and the function got its arguments.
        #expect(files["log.jsonl"]?.contains(#""handler":"failing","outcome":"dead_letter""#) == true)
        #expect(place.text("got")?.contains("sesame") == true)
        #expect(place.lines("dead.jsonl").count == 2)
    }

    @Test func forget_leavesNothing() async throws {
        let place = try await place()
        try place.write("other.jsonl", Self.session.replacing("\"text\":\"It is", with: "\"text\":\"Other is"))
        #expect(try await place.run("run", "other.jsonl").code == 3)
        let forget = try await place.run("forget", "--session", "session")
        #expect(
            forget
                == .init(
                    code: 2,
                    output: """
                        handler `lines`: 1 forgotten
                        handler `pages`: 1 forgotten
                        handler `database`: 1 forgotten
                        handler `meter`: 1 forgotten
                        handler `tools`: 2 forgotten
                        dead letters: 2 forgotten

                        """,
                    error:
                        "error: handler `screen`: cannot take one session out of console.txt: it has many, and nobody can tell which lines are whose\n"
                ), "\(forget)")
        try FileManager.default.removeItem(atPath: place.path + "/console.txt")
        let files = try written(place).filter { $0.key != "log.jsonl" }
        for (name, text) in files {
            #expect(!text.contains("It is") && !text.contains(#""session":"session""#), "\(name)")
        }
        #expect(files["calls/other.txt"]?.contains("Other is *** and *** 99") == true)
        #expect(files["t.db"]?.contains("Other is *** and *** 99") == true)
        #expect(files["t.jsonl"]?.contains("Other is *** and *** 99") == true)
        #expect(try await place.run("forget", "--session", "session") == .init(code: 1))
        // Overwritten records do not disturb later commands.
        let again = try await place.run("run", "other.jsonl")
        #expect(again.code == 3 && !again.output.contains("after a crash"), "\(again)")
    }

    @Test func forget_sharedTranscript_isAnError() async throws {
        let place = try Workplace(
            routes: """
                version: 1
                handlers: { t: { type: transcript, output: t.txt, format: text } }
                routes: [ { name: all, to: t } ]
                """)
        #expect(try await place.run("forget", "--session", "quickstart").code == 1)
        _ = try await place.run("run", BuiltProgram.session("quickstart"))
        #expect(
            try await place.run("forget", "--session", "quickstart")
                == .init(
                    code: 2,
                    error:
                        "error: handler `t`: cannot take one session out of t.txt: it has many, and nobody can tell which lines are whose\n"
                ))
    }

    @Test func keep_removesOldRecordsAtStart() async throws {
        let place = try Workplace(
            routes: """
                version: 1
                privacy: { keep: 30d }
                dead_letters: { path: dead.jsonl }
                handlers:
                  t: { type: transcript, output: "{session}.txt", format: text }
                  db: { type: transcript, output: t.db, format: sqlite }
                routes: [ { name: all, to: [t, db] } ]
                """)
        try place.write("old.txt", "old")
        try place.write("new.txt", "new")
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSinceNow: -31 * 86_400)], ofItemAtPath: place.path + "/old.txt")
        let lines = ["2020-01-01T00:00:00.000Z", "2999-01-01T00:00:00.000Z"].map {
            #"{"session":"a","time":"\#($0)"}"# + "\n"
        }
        try place.write("dead.jsonl", lines.joined())
        #expect(try await place.run("run", BuiltProgram.session("quickstart")).code == 0)
        #expect(place.text("old.txt") == nil)
        #expect(place.text("new.txt") == "new")
        #expect(place.lines("dead.jsonl").map { $0.contains("session") } == [false, true])
    }

    @Test(arguments: [
        ("redact: [ { regexp: \"[\" } ]", "error: `[` is not closed, at character 1 of the expression"),
        ("redact: [ { phrase: \"!\" } ]", "error: a phrase needs at least one word"),
        (
            "redact: [ { regexp: a, field: b } ]",
            "error: an entry of `redact` has exactly one of `kind`, `regexp`, `phrase` and `field`"
        ),
        ("redact: [ {} ]", "error: an entry of `redact` has exactly one of `kind`, `regexp`, `phrase` and `field`"),
        (
            "redact: [ { kind: crad } ]",
            """
            routes.yml:2:30: error: `kind` must be `card`, `email`, `phone` or `iban`, and this is `crad`
                2 | privacy: { redact: [ { kind: crad } ] }
                  |                              ^
               help: did you mean `card`?
            """
        ),
        ("redact: [ { regex: a } ]", "error: unknown key `regex`"),
        ("redact: []", "error: `redact` is empty"),
        ("redact: [ { regexp: \"^[0-9]+$\" } ]", "warning: `^` and `$` are plain characters here"),
        ("keep: 30", "error: `keep` must be a duration"),
        ("keep: 1m", "error: `keep` must be"),
    ])
    func privacy_reportsMistakes(_ privacy: String, _ message: String) async throws {
        let place = try Workplace(
            routes: """
                version: 1
                privacy: { \(privacy) }
                handlers: { t: { type: transcript, output: t.jsonl } }
                routes: [ { name: all, to: t } ]
                """)
        let check = try await place.run("check")
        #expect(check.output.contains(message), "\(check.output)")
        #expect(check.code == (message.contains("error: ") ? 1 : 0))
    }
}
