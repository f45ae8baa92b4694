import EventJSON
import Foundation
import Testing

/// Rules with `direction: client`, in all commands.
@Suite struct ClientRuleTests {
    private static let rules = """
        version: 1
        handlers:
          log: { type: console }
          page: { type: command, command: [/bin/sh, -c, 'echo "$ROUTER_DIRECTION $ROUTER_ROUTE" >> directions.txt'] }
          pages: { type: command, stdin: events, command: [/bin/sh, -c, "cat >> pages.jsonl"] }
          broken: { type: command, command: [/bin/false] }
        routes:
          - { name: no audio, match: { direction: client, type: input_audio_buffer.append }, stop: true }
          - { name: new voice, match: { direction: client, type: session.update, session: { audio: { output: { voice: [ { exists: true } ] } } } }, to: [log, page, pages] }
          - { name: typed, match: { direction: client, type: conversation.item.create, item: { type: message } }, once_per: session, to: log }
          - { name: cut off, match: { direction: client, type: response.cancel }, to: broken }
          - { name: updated, match: { type: session.updated }, to: [log, page, pages] }
        dead_letters: { path: dead-letters.jsonl }

        """

    private static let session = """
        {"at": 0, "event": {"type": "session.created", "session": {"id": "sess_1"}}}
        {"at": 0.1, "direction": "client", "event": {"type": "session.update", "session": {"audio": {"output": {"voice": "marin"}}, "tools": [{"type": "mcp", "server_label": "x", "authorization": "s3cret"}]}}}
        {"at": 0.2, "direction": "client", "event": {"type": "session.update", "session": {"instructions": "Be brief."}}}
        {"at": 0.3, "event": {"type": "session.updated", "session": {"id": "sess_1"}}}
        {"at": 0.4, "direction": "client", "event": {"type": "input_audio_buffer.append", "audio": "AAAA"}}
        {"at": 0.5, "direction": "client", "event": {"type": "conversation.item.create", "item": {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "Hello"}]}}}
        {"at": 0.6, "direction": "client", "event": {"type": "conversation.item.create", "item": {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "Again"}]}}}
        {"at": 0.7, "direction": "client", "sender": "router", "event": {"type": "response.cancel"}}
        {"at": 0.8, "direction": "client", "event": {"type": "response.cancel", "event_id": "cancel_1"}}

        """

    private func place(_ more: String = "") throws -> Workplace {
        let place = try Workplace(routes: Self.rules + more)
        try place.write("call.jsonl", Self.session)
        return place
    }

    private func snapshot(
        _ name: String, _ words: [String], in place: Workplace, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        try Snapshot("realtime-router \(words.joined(separator: " "))", try await place.run(words), in: place)
            .check("client/\(name)", sourceLocation: sourceLocation)
    }

    @Test("A run delivers, logs and buries the client's events as such")
    func run_deliversClientEvents() async throws {
        let place = try place()
        let ending = try await place.run("run", "call.jsonl", "--log", "dispatch.jsonl")
        var snapshot = Snapshot("realtime-router run call.jsonl --log dispatch.jsonl", ending, in: place)
        snapshot.addFiles()
        snapshot.add("directions.txt", place.lines("directions.txt"))
        try snapshot.check("client/run")
        for file in ["pages.jsonl", "dead-letters.jsonl", "dispatch.jsonl"] {
            #expect(place.text(file)?.contains("s3cret") == false, "\(file)")
        }
    }

    @Test(arguments: [
        ("explain", ["explain", "call.jsonl"]),
        ("explain-json", ["explain", "call.jsonl", "--format", "json"]),
        ("explain-route", ["explain", "call.jsonl", "--route", "new voice"]),
        ("explain-event", ["explain", "call.jsonl", "--event", "3"]),
        ("explain-event-of-the-server", ["explain", "call.jsonl", "--event", "4"]),
        ("explain-event-of-the-router", ["explain", "call.jsonl", "--event", "8"]),
        ("explain-event-json", ["explain", "call.jsonl", "--event", "3", "--format", "json"]),
        ("explain-as-test", ["explain", "call.jsonl", "--event", "2", "--as-test"]),
        ("inspect", ["inspect", "call.jsonl", "--client"]),
        ("inspect-json", ["inspect", "call.jsonl", "--client", "--json"]),
        ("inspect-server", ["inspect", "call.jsonl"]),
        ("check", ["check"]),
        ("graph", ["graph"]),
        ("match", ["match", "{direction: client, type: [session.update, response.cancel]}", "call.jsonl"]),
        ("match-others", ["match", "{direction: client, type: [{prefix: conversation.}]}", "call.jsonl", "-v", "-c"]),
        ("match-misspelt", ["match", "{direction: client, type: sesion.update}", "call.jsonl"]),
        ("match-without-direction", ["match", "{type: session.update}", "call.jsonl"]),
        ("match-wrong-direction", ["match", "{direction: clint, type: session.update}", "call.jsonl"]),
    ])
    func clientRules_everyCommand(_ name: String, _ words: [String]) async throws {
        try await snapshot(name, words, in: try place())
    }

    @Test("A live pipe fires the rules, and the replay of its recording the same ones")
    func livePipe_firesAsItsReplay() async throws {
        let place = try place()
        let live = try await place.run(
            "run", "-", "--live", "--session-key", "call", "--record", "r.jsonl", "--log", "live.jsonl",
            input: place.path + "/call.jsonl")
        let replay = try await place.run("run", "r.jsonl", "--log", "replay.jsonl")
        #expect(live.code == 3 && replay.code == 3)
        let deliveries = try ["live.jsonl", "replay.jsonl"].map { file in
            try place.lines(file).dropFirst().map { line in
                let record = try JSONValue(parsing: line)
                return ["type", "direction", "route", "handler", "outcome"].map { record[$0]?.string ?? "-" }
                    .joined(separator: " ")
            }.sorted()
        }
        #expect(deliveries[0] == deliveries[1])
        #expect(deliveries[0].contains("session.update client new voice pages delivered"))
        #expect(deliveries[0].contains("response.cancel client cut off broken dead_letter"))
        #expect(place.text("r.jsonl")?.contains("s3cret") == false)
    }

    @Test("Nothing of the client's is explained by rules without `direction: client`")
    func explain_saysThatNoRuleAsks() async throws {
        let place = try Workplace(
            routes: "version: 1\nhandlers: {c: {type: console}}\nroutes: [{name: a, match: {type: error}, to: c}]\n")
        try place.write("call.jsonl", Self.session)
        try await snapshot("explain-without-rules", ["explain", "call.jsonl", "--event", "3"], in: place)
    }

    @Test("`check` finds handlers that can take nothing of the client's")
    func check_findsWrongHandlers() async throws {
        let place = try Workplace(
            routes: """
                version: 1
                handlers:
                  said: { type: transcript, output: said.jsonl }
                  meter: { type: metrics }
                  tools: { type: function_call, functions: { f: { command: [/bin/true] } } }
                  log: { type: console }
                routes:
                  - { name: a, match: { direction: client, type: session.update }, to: [said, meter, tools, log] }
                  - { name: b, match: { direction: client }, to: log }
                  - { name: c, match: { direction: client, event_id: x }, to: meter }
                  - { name: d, match: { direction: outbound, type: session.update }, to: log }
                  - { name: e, to: [said, meter, tools, log] }

                """)
        try await snapshot("check-wrong-handlers", ["check"], in: place)
    }

    @Test("Tests have events of the client, and assertions too")
    func test_hasClientEvents() async throws {
        let tests = """
            tests:
              - name: a voice, as in a match
                event: { direction: client, type: session.update, session: { audio: { output: { voice: marin } } } }
                routes: [new voice]
                handlers: [log, page, pages]
              - name: a voice, in an envelope
                event: { direction: client, event: { type: session.update, session: { audio: { output: { voice: marin } } } } }
                routes: [new voice]
              - name: the server's event of that name
                event: { direction: server, type: response.cancel }
                routes: []
                unmatched: true
              - name: several
                events:
                  - { direction: client, type: conversation.item.create, item: { type: message } }
                  - { direction: client, type: conversation.item.create, item: { type: message } }
                  - { type: session.updated }
                  - { direction: client, type: response.cancel }
                routes: [typed, updated, cut off]
              - name: in a session
                session: call.jsonl
                assert:
                  - { event: { direction: client, type: response.cancel }, exactly: 2 }
                  - { never: { direction: client, type: response.create } }
                  - { before: [ { direction: client, type: session.update }, { type: session.updated } ] }
              - name: as it was
                session: call.jsonl
                expect: call.golden.jsonl

            """
        let place = try place(tests)
        try await snapshot("test", ["test", "--update"], in: place)
        try await snapshot("test-updated", ["test"], in: place)
        var golden = Snapshot("cat call.golden.jsonl", RunningProgram.Ending(code: 0), in: place)
        golden.add("call.golden.jsonl", place.lines("call.golden.jsonl"))
        try golden.check("client/test-golden")
    }

    @Test("`check` finds what is wrong with the client's events in tests")
    func check_looksAtEventsOfTests() async throws {
        let tests = """
            tests:
              - { name: a, event: { direction: client, type: sesion.update }, routes: [] }
              - { name: b, event: { type: session.update }, routes: [] }
              - { name: c, event: { direction: client, event: { type: response.create, response: 7 } }, routes: [] }
              - { name: d, event: { direction: klient, type: session.update }, routes: [] }
              - { name: e, session: call.jsonl, assert: [ { never: { direction: client, type: response.crate } } ] }

            """
        try await snapshot("check-tests", ["check"], in: try place(tests))
    }
}
