import EventJSON
import Foundation
import Testing

#if os(Linux)
    /// The program's messages and files when a disk is full. `/dev/full` is always full, and `ulimit -f` limits the size of a file.
    @Suite(.timeLimit(.minutes(5))) struct FullDiskTests {
        private static func routes(_ handler: String, deadLetters: String = "dead.jsonl") -> String {
            """
            version: 1
            handlers: { h: { \(handler) } }
            routes: [ { name: all, to: h } ]
            dead_letters: { path: \(deadLetters) }

            """
        }

        private static func session(_ texts: Int) -> String {
            (1...texts).map { number in
                let content = #"[{"type":"input_text","text":"words \#(number) of a caller who has a lot to say"}]"#
                let item = #"{"id":"i\#(number)","type":"message","role":"user","content":\#(content)}"#
                return #"{"type":"conversation.item.done","item":\#(item)}"# + "\n"
            }.joined()
        }

        private func place(_ routes: String, texts: Int = 3) throws -> Workplace {
            let place = try Workplace(routes: routes)
            try place.write("session.jsonl", Self.session(texts))
            return place
        }

        @Test(
            "Transcript, dead letters and log without room: each is reported once and counted, and no hint leads to an empty file"
        )
        func fullDisk_isReportedAndCounted() async throws {
            let place = try place(Self.routes("type: transcript, output: /dev/full", deadLetters: "/dev/full"))
            let ending = try await place.run("run", "session.jsonl", "--log", "/dev/full")
            #expect(ending.code == 3)
            #expect(
                masked(ending.output) == """
                    3 events, 3 derived events, 1 session, 0 ms

                    route  matched
                    all          3

                    handler  delivered  failed  retried  dropped  dead letters
                    h                0       3        0        0             3

                    file       not written                   reason
                    /dev/full           10  No space left on device

                    """)
            #expect(
                ending.error == """
                    error: cannot write /dev/full: No space left on device
                    warning: 3 deliveries failed for good; /dev/full could not be written

                    """)
        }

        @Test func fullDisk_standsInTheSummaryAsJSON() async throws {
            let place = try place(Self.routes("type: transcript, output: /dev/full"))
            let ending = try await place.run("run", "session.jsonl", "--summary", "json")
            let unwritten: JSONValue = ["/dev/full": ["records": 3, "error": "No space left on device"]]
            #expect(try JSONValue(parsing: ending.output)["unwritten"] == unwritten)
            #expect(ending.code == 3)
            #expect(ending.error.hasSuffix("warning: 3 deliveries failed for good; see dead.jsonl\n"))
            #expect(place.lines("dead.jsonl").count == 3)
            try place.write("routes.yml", Self.routes("type: transcript, output: t.jsonl"))
            let well = try await place.run("run", "session.jsonl", "--summary", "json")
            #expect(try well.code == 0 && JSONValue(parsing: well.output)["unwritten"] == nil)
        }

        @Test("A line that has no room is no torn line once there is room again", arguments: ["jsonl", "text"])
        func tornLine_isBlanked(_ format: String) async throws {
            let place = try place(Self.routes("type: transcript, format: \(format), output: t"), texts: 60)
            // A block of `ulimit -f` is 512 or 1024 bytes, depending on the shell.
            let ending = try await place.shell(#"ulimit -f 2; exec "$ROUTER" run session.jsonl --summary json"#)
            let unwritten = try #require(try JSONValue(parsing: ending.output)["unwritten"]?["t"])
            #expect(ending.code == 3 && unwritten["error"] == "File too large")
            let kept = 60 - (unwritten["records"]?.int ?? 60)
            #expect(place.text("t")?.hasSuffix(" ") == true)
            try place.write("dead.jsonl", "")
            #expect(try await place.run("run", "session.jsonl").code == 0)
            let lines = place.lines("t")
            #expect(lines.count { $0.contains("of a caller who has a lot to say") } == kept + 60)
            #expect(!lines.contains { !$0.isEmpty && $0.allSatisfy { $0 == " " } })
            if format == "jsonl" {
                for line in lines { #expect(throws: Never.self) { try JSONValue(parsing: line) } }
            }
        }

        @Test("Space that comes back while the router runs is used, and lines and losses add up")
        func spaceThatComesBack_isUsed() async throws {
            let place = try place(
                Self.routes("type: transcript, output: disk/t.jsonl", deadLetters: "disk/dead.jsonl"), texts: 400)
            let ending = try await place.shell(
                #"""
                mkdir disk && mkfifo events
                unshare -m true 2>/dev/null || exit 77
                exec unshare -m sh -c '
                    mount -t tmpfs -o size=512k none disk 2>/dev/null || exit 77
                    head -c 491520 /dev/zero >disk/ballast
                    "$ROUTER" run events --log disk/log.jsonl --summary json >summary 2>error &
                    exec 3>events
                    head -n 200 session.jsonl >&3
                    while ! grep -q "cannot write disk/t.jsonl" error; do sleep 0.02; done
                    rm disk/ballast
                    tail -n 200 session.jsonl >&3
                    exec 3>&-
                    wait $!; code=$?
                    cp disk/*.jsonl .
                    exit $code'
                """#)
            if ending.code == 77 { try Test.cancel("this user may not mount a file system") }
            #expect(ending.code == 3, "\(ending.error)")
            let unwritten = try JSONValue(parsing: try #require(place.text("summary")))["unwritten"]
            for (file, records) in [("t.jsonl", 400), ("dead.jsonl", unwritten?["disk/t.jsonl"]?["records"]?.int ?? 0)]
            {
                // Blanks at the end replace a record that did not fit.
                let lines = place.lines(file).filter { $0.contains { $0 != " " } }
                for line in lines { #expect(throws: Never.self, "\(file)") { try JSONValue(parsing: line) } }
                #expect(lines.count + (unwritten?["disk/\(file)"]?["records"]?.int ?? 0) == records, "\(file)")
            }
            #expect(place.lines("t.jsonl").contains { $0.contains("words 400 ") })
        }

        @Test("A call is not run when the journal has no room for its start, and the model gets an error")
        func journalWithoutRoom_runsNoCall() async throws {
            let place = try Workplace(
                routes: Self.routes(
                    "type: function_call, once: journal, journal: /dev/full, functions: { f: { command: [/usr/bin/touch, ran] } }"
                ))
            try place.write("session.jsonl", SessionScript(calling: ["f"]).text)
            let ending = try await place.run("run", "session.jsonl", "--outbound", "out.jsonl", "--summary", "json")
            #expect(ending.code == 3 && place.text("ran") == nil)
            #expect(ending.error == "error: cannot write /dev/full: No space left on device\n")
            // The line of its start, and that of its end.
            let unwritten: JSONValue = ["/dev/full": ["records": 2, "error": "No space left on device"]]
            #expect(try JSONValue(parsing: ending.output)["unwritten"] == unwritten)
            let answer = try JSONValue(parsing: try #require(place.lines("out.jsonl").first))["item"]?["output"]
            #expect(answer == #"{"error":"the function could not be run (reference call_1)"}"#)
        }

        @Test("A database without room loses what it has no room for, and is a whole one")
        func databaseWithoutRoom_isCounted() async throws {
            let place = try place(Self.routes("type: transcript, format: sqlite, output: t.db"), texts: 400)
            #expect(try await place.shell(#"head -n 1 session.jsonl | "$ROUTER" run -"#).code == 0)
            let ending = try await place.shell(#"ulimit -f 256; exec "$ROUTER" run session.jsonl --summary json"#)
            let unwritten = try JSONValue(parsing: ending.output)["unwritten"]
            let missing = try #require(unwritten?["t.db"]?["records"]?.int, "\(ending)")
            #expect(ending.code == 3 && missing > 0 && missing < 400)
            let show = try await place.run("transcript", "show", "session", "--database", "t.db")
            #expect(lineList(show.output).dropFirst().count == 400 - missing)
        }

        @Test("Client events that have no room are counted, and the run goes on")
        func outboundWithoutRoom_isCounted() async throws {
            let place = try Workplace()
            let ending = try await place.run("run", BuiltProgram.session("tool-call"), "--outbound", "/dev/full")
            #expect(ending.code == 3 && ending.error == "error: cannot write /dev/full: No space left on device\n")
            #expect(place.lines("transcript.jsonl").count == 2)
            #expect(ending.output.contains("\n/dev/full            2  No space left on device\n"))
        }

        @Test(
            "A command whose output has no room says so",
            arguments: [
                "inspect session.jsonl --json >/dev/full",
                "match '{\"type\": [{\"exists\": true}]}' session.jsonl >/dev/full",
                "schema >/dev/full", "check >/dev/full", "run session.jsonl --summary json >/dev/full",
            ])
        func fullDisk_standardOutput_exitsWith3(_ words: String) async throws {
            let place = try place(Self.routes("type: transcript, output: t.jsonl"))
            let ending = try await place.shell("\"$ROUTER\" \(words)")
            #expect(ending == .init(code: 3, error: "error: cannot write standard output: No space left on device\n"))
        }

        @Test("A file that is written whole and has no room leaves the old one")
        func wholeFileWithoutRoom_leavesTheOldOne() async throws {
            let place = try place(
                Self.routes("type: transcript, output: t.jsonl")
                    + "tests: [ { name: t, session: session.jsonl, expect: expected.jsonl } ]\n", texts: 200)
            try place.write("report.html", "old")
            try place.write("expected.jsonl", #"{"position":"1","type":"error","routes":[],"handlers":[]}"# + "\n")
            let full = "File too large\n"
            let report = try await place.shell(#"ulimit -f 1; exec "$ROUTER" report session.jsonl"#)
            #expect(report == .init(code: 3, error: "error: cannot write report.html: " + full))
            let test = try await place.shell(#"ulimit -f 1; exec "$ROUTER" test --update"#)
            #expect(test.code == 3 && test.output.contains("cannot write expected.jsonl: " + full), "\(test)")
            let initial = try await place.shell(#"ulimit -f 1; exec "$ROUTER" init new --package "$0""#)
            #expect(initial.code != 0 && place.text("new/routes.yml") == nil)
            #expect(place.text("report.html") == "old" && place.lines("expected.jsonl").count == 1)
            let names = try FileManager.default.contentsOfDirectory(atPath: place.path).sorted()
            #expect(names == ["Examples", "expected.jsonl", "report.html", "routes.yml", "session.jsonl"])
        }

        @Test("A delivery that failed for good is exit status 3 where it was kept, too")
        func deadLetter_isExitStatus3() async throws {
            let place = try place(Self.routes("type: console, output: t").replacing("to: h", with: "to: f"))
            try place.write(
                "routes.yml",
                """
                version: 1
                handlers: { f: { type: command, command: [/bin/false], stdin: none } }
                routes: [ { name: all, match: { type: router.utterance.done }, to: f } ]
                dead_letters: { path: dead.jsonl }

                """)
            let ending = try await place.run("run", "session.jsonl")
            #expect(ending.code == 3)
            #expect(ending.error == "warning: 3 deliveries failed for good; see dead.jsonl\n")
        }
    }
#endif
