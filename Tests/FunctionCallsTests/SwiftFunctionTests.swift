import EventJSON
import EventRouter
import FunctionCalls
import RealtimeEvents
import RouterTesting
import SchemaValidation
import Testing

/// Functions written in Swift.
@Suite(.timeLimit(.minutes(5)))
struct SwiftFunctionTests {
    @Test func swiftFunction_resultIsTheAnswer() async throws {
        let bench = try CallBench(
            swift { call in
                FunctionCallResult(["rolled": 4, "for": call.arguments ?? nil])
            })
        let outcome = try await bench.run(["sides": 6])
        #expect(outcome.state == .completed)
        #expect(outcome.output == #"{"rolled":4,"for":{"sides":6}}"#)
        #expect(
            bench.journalTails == [
                #"…"name":"f","arguments":{"sides":6},"state":"started","queued_ms":0}"#,
                #"…"name":"f","arguments":{"sides":6},"state":"completed","output":"{\"rolled\":4,\"for\":{\"sides\":6}}","queued_ms":0,"ran_ms":0}"#,
            ])
    }

    private struct Secret: Error, CustomStringConvertible {
        let description = "no connection to 10.0.0.7"
    }

    private struct Spoken: FunctionCallError {
        let reasonForModel = "there are no dice with \"0\" sides"
    }

    @Test func swiftFunction_errorIsHiddenFromTheModel() async throws {
        let bench = try CallBench(swift { _ in throw Secret() })
        let outcome = try await bench.run()
        #expect(outcome.state == .failed)
        #expect(outcome.output == #"{"error":"the function failed (reference call_1)"}"#)
        #expect(outcome.error == "no connection to 10.0.0.7")
        #expect(
            bench.journalTails.last
                == #"…"name":"f","arguments":{},"state":"failed","output":"{\"error\":\"the function failed (reference call_1)\"}","error":"no connection to 10.0.0.7","queued_ms":0,"ran_ms":0}"#
        )
    }

    @Test func swiftFunction_errorCanChooseTheText() async throws {
        let outcome = try await CallBench(swift { _ in throw Spoken() }).run()
        #expect(outcome.state == .failed)
        #expect(outcome.output == #"{"error":"there are no dice with \"0\" sides"}"#)
        #expect(outcome.error == "there are no dice with \"0\" sides")
    }

    @Test func swiftFunction_unrequestedCancellationIsAFailure() async throws {
        #expect(try await CallBench(swift { _ in throw CancellationError() }).run().state == .failed)
    }

    @Test func swiftFunction_refusesArgumentsThatAreNoObject() async throws {
        let outcome = try await CallBench(swift { _ in FunctionCallResult("ran") }).run("[")
        #expect(outcome.state == .rejected)
    }

    @Test func swiftFunction_isCancelledAtItsTimeout() async throws {
        let steps = Collected<String>()
        let bench = try CallBench(
            swift { _ in
                do { try await Task.sleep(for: .seconds(60)) } catch { steps.append("cancelled") }
                throw Secret()
            }, timeout: .milliseconds(1500))
        try await bench.handler.start()
        try await bench.handler.handle(bench.watched.delivery())
        await bench.clock.waitForSleepers()
        bench.clock.advance(by: .milliseconds(1499))
        #expect(bench.watched.outcomesSoFar().isEmpty)
        bench.clock.advance(by: .milliseconds(1))
        let outcome = await bench.watched.outcomes(1)[0]
        #expect(outcome.state == .timedOut)
        #expect(outcome.output == #"{"error":"the function took too long (reference call_1)"}"#)
        #expect(outcome.error == "the function took longer than 1500ms")
        #expect(await steps.wait(for: 1) == ["cancelled"])
    }

    @Test func swiftFunction_lateResultIsDropped() async throws {
        let (gate, steps) = (Collected<Void>(), Collected<String>())
        let bench = try CallBench(
            swift { _ in
                _ = await gate.wait(for: 1)
                steps.append("late")
                return FunctionCallResult("late")
            }, timeout: .seconds(5))
        try await bench.handler.start()
        try await bench.handler.handle(bench.watched.delivery())
        await bench.clock.waitForSleepers()
        bench.clock.advance(by: .seconds(5))
        #expect(await bench.watched.outcomes(1).map(\.state) == [.timedOut])
        gate.append(())
        #expect(await steps.wait(for: 1) == ["late"])
        await bench.handler.stop()
        #expect(bench.watched.outcomesSoFar().map(\.state) == [.timedOut])
        #expect(bench.journal.count == 2)
    }

    @Test func commandExecutor_canBeUsedInCode() async throws {
        var call = FunctionCall()
        call.callID = "call_1"
        call.arguments = ["city": "Lisbon"]
        let echo = try shell(#"printf %s "$1""#, "{city}")
        #expect(try await echo.execute(call) == FunctionCallResult("Lisbon"))

        let failing = try shell("echo /etc/secret >&2; exit 3")
        let failure = await #expect(throws: FunctionCallFailure.self) { try await failing.execute(call) }
        #expect(failure?.reasonForModel == "the function failed")
        #expect(failure?.description == "the command exited with status 3: /etc/secret")
        #expect(failure?.state == .failed)
        #expect(failure?.exitStatus == 3)

        let speaking = try shell(#"echo '{"error":"sold out"}'; exit 1"#)
        let spoken = await #expect(throws: FunctionCallFailure.self) { try await speaking.execute(call) }
        #expect(spoken?.reasonForModel == "sold out")

        call.arguments = [:]
        let refusal = await #expect(throws: FunctionCallFailure.self) { try await echo.execute(call) }
        #expect(refusal?.reasonForModel == "the argument `city` is missing")
        #expect(refusal?.state == .rejected)
    }

    @Test func tools_describeTheFunctions() throws {
        let handler = FunctionCallHandler([
            LocalFunction(
                "roll", description: "Rolls a die", parameters: try JSONSchema(["type": "object", "properties": [:]]),
                executor: swift { _ in FunctionCallResult("4") }),
            LocalFunction("bare", executor: swift { _ in FunctionCallResult("") }),
        ])
        #expect(
            handler.tools.map(\.json.description) == [
                #"{"type":"function","name":"roll","description":"Rolls a die","parameters":{"type":"object","properties":{}}}"#,
                #"{"type":"function","name":"bare"}"#,
            ])
    }
}
