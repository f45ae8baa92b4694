import EventJSON
import Foundation
import Testing

/// `run - --live`: a session that continues while the program routes and answers it.
@Suite(.timeLimit(.minutes(10))) struct LivePipeTests {
    @Test("The model is asked to go on when the response is over that is active as a call ends")
    func activeResponse_holdsTheCreate() async throws {
        let play = try await LivePlay()
        try play.round("slow")
        #expect(await play.journaled("started"))
        try play.created("resp_2")
        #expect(await play.routed("response.created", 2))
        try play.letGo()
        #expect(await soon { play.outputs == ["done"] })
        #expect(play.creates.isEmpty)
        try play.done("resp_2")
        #expect(await soon { play.creates.count == 1 })
        play.endInput()
        #expect(await play.program.end().code == 0)
        #expect(play.sent.count == 2)
    }

    @Test(
        "A refused request is made again when the response that was in its way is over",
        arguments: [true, false], [true, false])
    func refusedCreate_isSentAgain(isNamed: Bool, isAnnouncedFirst: Bool) async throws {
        let play = try await LivePlay()
        try play.letGo()
        try play.round("slow")
        #expect(await soon { play.creates.count == 1 })
        let name = isNamed ? play.creates.first?["event_id"] ?? .null : .null
        if isAnnouncedFirst { try play.created("resp_2") }
        try play.refuse(name)
        if !isAnnouncedFirst { try play.created("resp_2") }
        #expect(await play.routed("response.created", 2))
        #expect(await play.routed("error", 1))
        #expect(play.creates.count == 1)
        try play.done("resp_2")
        #expect(await soon { play.creates.count == 2 })
        play.endInput()
        #expect(await play.program.end().code == 0)
        #expect(play.creates.count == 2)
    }

    @Test("The model says something while a call takes long")
    func whileWaiting_wordsAreAskedFor() async throws {
        let play = try await LivePlay()
        try play.round("patient")
        #expect(await soon { play.creates.count == 1 })
        #expect(play.creates.first?.description.contains("One moment.") == true)
        #expect(play.outputs.isEmpty)
        try play.letGo()
        #expect(await soon { play.outputs == ["done"] })
        play.endInput()
        #expect(await play.program.end().code == 0)
    }

    @Test("A call is stopped when the user interrupts")
    func interruption_cancelsRunningCall() async throws {
        let play = try await LivePlay()
        try play.round("dropped")
        #expect(await play.journaled("started"))
        try play.event("input_audio_buffer.speech_started", ["audio_start_ms": 500, "item_id": "item_u2"])
        try play.created("resp_2")
        try play.done("resp_2", status: "cancelled")
        #expect(await play.journaled("cancelled"))
        play.endInput()
        #expect(await play.program.end().code == 0)
    }

    @Test("A refused output is tied to its handler and route: in a warning, in --log and in the summary")
    func refusedOutput_namesItsHandler() async throws {
        let play = try await LivePlay("--summary", "text")
        try play.letGo()
        try play.round("slow")
        #expect(await soon { play.outputs == ["done"] })
        try play.event(
            "error",
            [
                "error": [
                    "type": "invalid_request_error", "code": "invalid_value", "message": "No such call.",
                    "event_id": "rr_output_call_1",
                ]
            ])
        #expect(await play.routed("error", 1))
        play.endInput()
        let ending = await play.program.end()
        #expect(ending.code == 0)
        #expect(
            ending.error.contains(
                "warning: the server refused a client event, handler `tools`, route `calls`, event `rr_output_call_1`: No such call. (invalid_value)\n"
            ), "\(ending.error)")
        #expect(
            ending.error.contains(
                """
                refused by the server              events
                tools, route calls: invalid_value       1
                """), "\(ending.error)")
        #expect(
            play.place.lines("dispatch.jsonl").contains {
                $0.contains(
                    #""type":"conversation.item.create","event_id":"rr_output_call_1","sent_by":"handler","route":"calls","handler":"tools","outcome":"refused","code":"invalid_value","message":"No such call."}"#
                )
            })
    }

    @Test("The output of a call that runs on over a renewed connection is not sent, and the journal says why")
    func renewedConnection_outputIsNotSent() async throws {
        let play = try await LivePlay("--summary", "text")
        try play.round("slow")
        #expect(await play.journaled("started"))
        try play.line(["session": "call-1", "lost": true, "reason": "reset"])
        try play.line(["session": "call-1", "renewed": true, "attempt": 2])
        try play.event("session.created", ["session": ["type": "realtime", "id": "sess_2"]])
        try play.event("rate_limits.updated")
        #expect(await play.routed("rate_limits.updated", 1))
        try play.letGo()
        #expect(await play.journaled("completed"))
        play.endInput()
        let ending = await play.program.end()
        #expect(ending.code == 0 && play.sent.isEmpty)
        let line = try #require(play.place.lines("calls.jsonl").last { $0.contains("completed") })
        #expect(line.contains(#""sent":false,"unsent_reason":"connection_renewed""#), "\(line)")
        #expect(play.place.lines("calls.jsonl").count == 2)
        #expect(
            ending.error.contains(
                "warning: a client event was not sent, handler `tools`, route `calls`, event `rr_output_call_1`: The connection was renewed, and the server's new session does not know the call, so its output was not sent. (connection_renewed)\n"
            ), "\(ending.error)")
        #expect(ending.error.contains("warning: 1 client event could not be sent\n"), "\(ending.error)")
    }

    @Test("The agent's own messages may come in the pipe, and are no server events")
    func clientMessages_areTakenIn() async throws {
        let play = try await LivePlay("--summary", "text")
        try play.line(["direction": "client", "event": ["type": "input_audio_buffer.clear"]])
        try play.line(["event": ["type": "rate_limits.updated"]])
        #expect(await play.routed("rate_limits.updated", 1))
        play.endInput()
        let ending = await play.program.end()
        #expect(ending.code == 0)
        #expect(ending.error.contains("2 events, "), "\(ending.error)")
    }

    @Test("At the end of the input what runs is answered")
    func endOfInput_answersWhatRuns() async throws {
        let play = try await LivePlay()
        try play.round("slow")
        #expect(await play.journaled("started"))
        play.endInput()
        try play.letGo()
        #expect(await play.program.end().code == 0)
        #expect(play.outputs == ["done"])
    }

    @Test("SIGTERM ends the session in order: what runs is answered")
    func sigterm_answersWhatRuns() async throws {
        let play = try await LivePlay()
        defer { play.endInput() }
        try play.round("slow")
        #expect(await play.journaled("started"))
        kill(play.program.pid, SIGTERM)
        try play.letGo()
        #expect(await play.program.end().code == 128 + Int(SIGTERM))
        // On a busy machine, the command may miss the deadline and be answered as cancelled.
        #expect(play.outputs.count == 1)
    }

    @Test("Nobody reads the answers: events are routed all the same, and SIGTERM ends it after its deadline")
    func slowReader_routingAndEnd() async throws {
        let place = try Workplace()
        let answers = try NamedPipe(in: place, "answers")
        defer { answers.end() }
        let play = try await LivePlay(output: answers.path)
        defer { play.endInput() }
        try play.round("large", calls: 4)
        #expect(await soon { play.place.lines("calls.jsonl").count { $0.contains(#""completed""#) } == 4 })
        try play.event("rate_limits.updated")
        #expect(await play.routed("rate_limits.updated", 1))
        kill(play.program.pid, SIGTERM)
        let ending = await play.program.end()
        #expect(ending.code == 128 + Int(SIGTERM))
        #expect(ending.error.contains("client events could not be sent"), "\(ending.error)")
    }

    @Test("A reader of the answers that goes away ends it quietly")
    func closedOutbound_endsQuietly() async throws {
        let place = try Workplace(routes: LivePlay.routes)
        try await place.writeProgram("wait", "#!/bin/sh\necho done\n")
        let lines = SessionScript(calling: ["slow", "slow", "slow"]).lines
        try place.write("session.jsonl", lines[..<4].map { $0 + "\n" }.joined())
        try place.write("rest.jsonl", lines[4...].map { $0 + "\n" }.joined())
        let ending = try await place.shell(
            """
            session() {
                cat session.jsonl
                while [ ! -e gone ]; do sleep 0.02; done
                cat rest.jsonl
                while [ ! -e over ]; do sleep 0.02; done
            }
            (session | ("$ROUTER" run - --live --outbound - 2>errors; echo "exit code $?" >&2; touch over)) \
                | (head -1 >first; exec <&-; touch gone)
            """)
        #expect(ending.error == "exit code 141\n")
        #expect(place.lines("first").count == 1)
    }

    @Test("Options of live sessions do nothing in a recording, and run says so once")
    func liveOptions_inARecording() async throws {
        let place = try Workplace(routes: LivePlay.routes)
        try await place.writeProgram("wait", "#!/bin/sh\n")
        try place.write("session.jsonl", #"{"type":"session.created"}"# + "\n")
        let warning =
            "warning: `on_interrupt` and `while_waiting` have no effect: the session is not live (see --live)\n"
        #expect(try await place.run("run", "session.jsonl").error == warning)
        #expect(try await place.run("run", "session.jsonl", "--dry-run").error == "")
        #expect(try await place.run("run", "-", "--live", input: place.path + "/session.jsonl").error == "")
        #expect(try await place.run("check").error == "")
    }

    @Test(
        "What is only for recordings does not go with --live",
        arguments: [["--speed", "1x"], ["--started", "2026-01-31T22:00:00Z"], ["--rerun-calls"]])
    func recordingOptions_areRefused(_ option: [String]) async throws {
        let ending = try await Workplace().run(["run", "-", "--live"] + option)
        let expected = "error: --live and \(option[0]) exclude each other: \(option[0]) is for recordings\n"
        #expect(ending.code == 2 && ending.error.hasPrefix(expected), "\(ending.error)")
    }
}
