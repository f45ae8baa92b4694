import EventJSON
import Foundation
import Testing

/// Commands that misbehave: the session continues, the model gets an output, and no process or descriptor is left.
@Suite struct CommandTests {
    private static let routes = """
        version: 1
        handlers:
          console: { type: console }
          tools:
            type: function_call
            journal: calls.jsonl
            functions:
              hangs:
                command: [/bin/sh, -c, "echo $$ > hangs.pid; exec sleep 300"]
                timeout: 300ms
                kill_after: 100ms
              stubborn:
                command: [/bin/sh, -c, "trap '' TERM; sleep 300 & echo $$ > stubborn.pid; echo $! > grandchild.pid; wait; sleep 300"]
                timeout: 300ms
                kill_after: 100ms
              floods: { command: [/bin/sh, -c, "yes | head -c 3000000"], max_output: 1KiB }
              deaf: { command: [/bin/sh, -c, "exit 0"] }
              answers: { command: [/bin/sh, -c, "cat"] }
              shot: { command: [/bin/sh, -c, "kill -9 $$"] }
              fails: { command: [/bin/sh, -c, "echo what went wrong >&2; exit 3"] }
              waits: { command: [/bin/sh, -c, "echo $$ > waits.pid; while [ ! -e go ]; do sleep 0.02; done; echo done"], timeout: 300s }
        routes:
          - name: calls
            to: tools
          - name: what came of them
            match: { type: router.function_call.done }
            to: console

        """

    @Test func functionCall_misbehavingCommandGetsAnError() async throws {
        let missing = """
                  missing: { command: [./no-such-program] }
                  unknown: { command: [no-such-program] }
                  shot:
            """
        let place = try Workplace(routes: Self.routes.replacing("      shot:", with: missing))
        let names = ["hangs", "stubborn", "floods", "deaf", "missing", "unknown", "shot", "fails", "nobody", "answers"]
        try place.write("session.jsonl", SessionScript(calling: names).text)
        let ending = try await place.run("run", "session.jsonl", "--outbound", "outbound.jsonl")
        var snapshot = Snapshot("realtime-router run session.jsonl --outbound …", ending, in: place, isOrdered: true)
        snapshot.add("calls.jsonl", place.lines("calls.jsonl"))
        snapshot.add("outbound.jsonl", place.lines("outbound.jsonl"))
        try snapshot.check("run/misbehaving-commands")
        for name in ["hangs", "stubborn", "grandchild"] {
            let pid = try #require(place.pid(name))
            #expect(await soon { ProcessTable.isGone(pid) }, "\(name) is still there")
        }
    }

    @Test func functionCall_nineteenCallsAreAnsweredInOrder() async throws {
        let place = try Workplace(routes: Self.routes)
        var script = SessionScript()
        for number in 1...19 { script.call("answers", ["number": .number(JSONNumber(number))]) }
        try place.write("session.jsonl", script.text)
        let ending = try await place.run("run", "session.jsonl", "--outbound", "outbound.jsonl")
        #expect(ending.code == 0 && ending.error == "")
        let expected = (1...19).flatMap { number in
            [
                #"{"type":"conversation.item.create","event_id":"rr_output_call_\#(number)","item":{"type":"#
                    + #""function_call_output","call_id":"call_\#(number)","output":"{\"number\":\#(number)}"}}"#,
                #"{"type":"response.create","event_id":"rr_create_resp_\#(number)"}"#,
            ]
        }
        #expect(place.lines("outbound.jsonl") == expected)
    }

    @Test func functionCall_stuckHandlerDelaysNoOutput() async throws {
        let stuck = """
              stuck:
                type: command
                command: [/bin/sh, -c, "while [ ! -e go ]; do sleep 0.02; done"]
                stdin: none
                timeout: 10m
                queue_capacity: 1
                on_full: block
            routes:
              - name: everything about responses
                match: { type: [ response.created, response.output_item.done, response.done ] }
                to: stuck

            """
        let place = try Workplace(routes: Self.routes.replacing("routes:\n", with: stuck))
        try place.write("session.jsonl", SessionScript(calling: ["answers", "answers", "answers"]).text)
        let program = try place.start("run", "session.jsonl", "--outbound", "outbound.jsonl", "--summary", "json")
        #expect(await soon { place.lines("outbound.jsonl").count == 2 })
        try place.write("go", "")
        let ending = await program.end()
        #expect(ending.code == 0)
        let stuckCounts = try JSONValue(parsing: ending.output)["handlers"]?["stuck"]
        #expect(stuckCounts == ["delivered": 9, "failed": 0, "retried": 0, "dropped": 0, "dead_letters": 0])
        let types = try place.lines("outbound.jsonl").map { try JSONValue(parsing: $0)["type"]?.string }
        #expect(types == Array(repeating: ["conversation.item.create", "response.create"], count: 3).flatMap { $0 })
    }

    /// Compares the router's open descriptors after one call and after 300 more.
    @Test func functionCall_leavesNoDescriptorsOpen() async throws {
        let place = try Workplace(routes: Self.routes)
        let input = try NamedPipe(in: place)
        let program = try place.start("run", "-", "--outbound", "outbound.jsonl", input: input.path)
        var script = SessionScript(calling: ["deaf"])
        try input.write(script.text)
        #expect(await soon { place.lines("outbound.jsonl").count == 2 })
        let before = ProcessTable.descriptorCount(of: program.pid)
        let sent = script.lines.count
        for _ in 1...300 { script.call("deaf") }
        try input.write(script.lines[sent...].joined(separator: "\n") + "\n")
        #expect(await soon { place.lines("outbound.jsonl").count == 602 })
        #expect(await soon { ProcessTable.descriptorCount(of: program.pid) == before })
        input.end()
        let ending = await program.end()
        #expect(ending.code == 0 && ending.error == "")
        let states = try place.lines("calls.jsonl").map { try JSONValue(parsing: $0)["state"]?.string }
        #expect(states == Array(repeating: ["started", "completed"], count: 301).flatMap { $0 })
    }

    @Test(arguments: [SIGINT, SIGTERM])
    func signal_letsCallFinish(_ signal: Int32) async throws {
        let place = try Workplace(routes: Self.routes)
        let input = try NamedPipe(in: place)
        defer { input.end() }
        let program = try place.start("run", "-", "--outbound", "outbound.jsonl", input: input.path)
        try input.write(SessionScript(calling: ["waits"]).text)
        #expect(await soon { place.pid("waits") != nil })
        kill(program.pid, signal)
        try place.write("go", "")
        let ending = await program.end()
        var snapshot = Snapshot("realtime-router run -, and a signal", ending, in: place)
        snapshot.add("outbound.jsonl", place.lines("outbound.jsonl"))
        try snapshot.check("run/signal-\(signal == SIGINT ? "interrupt" : "terminate")")
    }

    /// After a second signal, the program ends soon and no command keeps running.
    @Test(arguments: [SIGINT, SIGTERM])
    func secondSignal_endsCommands(_ signal: Int32) async throws {
        let routes = Self.routes.replacingOccurrences(of: "timeout: 300ms", with: "timeout: 300s")
        let place = try Workplace(routes: routes)
        try place.write("session.jsonl", SessionScript(calling: ["stubborn"]).text)
        let program = try place.start("run", "session.jsonl")
        #expect(await soon { place.pid("grandchild") != nil })
        kill(program.pid, signal)
        // The kernel keeps only one pending signal of a kind, so the second is sent after the first was taken.
        #expect(await soon { ProcessTable.hasNoneWaiting(program.pid) })
        try await Task.sleep(for: .milliseconds(50))
        kill(program.pid, signal)
        let ending = await program.end()
        #expect(ending.code == 128 + Int(signal))
        let states = try place.lines("calls.jsonl").map { try JSONValue(parsing: $0)["state"]?.string }
        #expect(states == ["started", "cancelled"])
        for name in ["stubborn", "grandchild"] {
            let pid = try #require(place.pid(name))
            #expect(await soon { ProcessTable.isGone(pid) }, "\(name) is still there")
        }
    }
}

extension Workplace {
    /// Waits for the process number that a command writes.
    fileprivate func pid(_ name: String) -> pid_t? {
        guard let text = text("\(name).pid"), text.hasSuffix("\n") else { return nil }
        return pid_t(text.dropLast())
    }
}
