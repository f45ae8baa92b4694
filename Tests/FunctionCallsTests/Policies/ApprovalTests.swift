import EventJSON
import EventRouter
import Foundation
import FunctionCalls
import LocalCommands
import RealtimeEvents
import RouterTesting
import Testing

/// Calls that need approval.
@Suite(.timeLimit(.minutes(5)))
struct ApprovalTests {
    /// An approver that decides as the test says, or never.
    private struct Chief: CallApprover {
        let name = "chief"
        var decision: CallDecision?
        var error: (any Error)?
        var asked = Collected<String>()

        func decide(on call: FunctionCall) async throws -> CallDecision {
            asked.append(call.callID ?? "")
            if let error { throw error }
            if let decision { return decision }
            try await Task.sleep(for: .seconds(10_000))
            return CallDecision(isApproved: true)
        }
    }

    private struct Absent: Error, CustomStringConvertible { let description = "on holiday" }

    private func bench(_ rule: ApprovalRule) throws -> CallBench {
        try CallBench([LocalFunction("f", approval: rule, executor: swift { _ in FunctionCallResult("ran") })])
    }

    private let rejected = #"{"error":"the call was not approved (reference call_1)"}"#

    @Test(arguments: [true, false]) func approval_decidesAboutTheCall(isApproved: Bool) async throws {
        let bench = try bench(ApprovalRule(approver: Chief(decision: CallDecision(isApproved: isApproved))))
        let outcome = try await bench.run(["amount": 5])
        #expect(outcome.state == (isApproved ? .completed : .rejected))
        #expect(outcome.output == (isApproved ? "ran" : rejected))
        let tail = #""name":"f","arguments":{"amount":5},"state":"#
        #expect(
            bench.journalTails
                == (isApproved
                    ? [
                        #"…\#(tail)"started","decided_by":"chief","queued_ms":0}"#,
                        #"…\#(tail)"completed","decided_by":"chief","output":"ran","queued_ms":0,"ran_ms":0}"#,
                    ]
                    : [
                        #"…\#(tail)"rejected","decided_by":"chief","output":\#(JSONValue.string(rejected)),"error":"the call was not approved"}"#
                    ]))
    }

    @Test func approval_approverMayNameWhoDecided() async throws {
        let decision = CallDecision(isApproved: true, decidedBy: "Ann")
        let bench = try bench(ApprovalRule(approver: Chief(decision: decision)))
        _ = try await bench.run()
        #expect(bench.journalTails[0].contains(#""decided_by":"Ann""#))
    }

    static let exceptions: [(JSONValue, isAsked: Bool)] = [
        (["amount": 50], false), (["amount": 50.000], false), (["amount": 50.001], true), (["amount": "50"], true),
        (["amount": [50, 60]], true), ([:], true), (["Amount": 5], true), (["amount": .null], true),
        (["amount": 5, "type": "response.done"], false), (["arguments": ["amount": 5]], true),
    ]

    @Test(arguments: exceptions) func approval_exceptionMatchesExactly(arguments: JSONValue, isAsked: Bool) async throws
    {
        let chief = Chief(decision: CallDecision(isApproved: false))
        let exception = try ArgumentPattern(json: #"{"amount": [{"numeric": ["<=", 50]}]}"#)
        let bench = try bench(ApprovalRule(unless: exception, approver: chief))
        let outcome = try await bench.run(arguments)
        #expect(chief.asked.elements == (isAsked ? ["call_1"] : []))
        #expect(outcome.state == (isAsked ? .rejected : .completed))
        #expect(bench.journalTails[0].contains(#""decided_by":"\#(isAsked ? "chief" : "unless")""#))
    }

    @Test(arguments: [ApprovalRule.Otherwise.reject, .approve])
    func approval_timeout(otherwise: ApprovalRule.Otherwise) async throws {
        let bench = try bench(ApprovalRule(approver: Chief(), timeout: .seconds(30), otherwise: otherwise))
        try await bench.handler.start()
        try await bench.handler.handle(bench.watched.delivery())
        await bench.clock.waitForSleepers()
        bench.clock.advance(by: .seconds(30))
        #expect(await bench.watched.outcomes(1)[0].state == (otherwise == .approve ? .completed : .rejected))
        #expect(bench.journalTails[0].contains(#""decided_by":"otherwise (chief: no decision within 30s)""#))
        await bench.handler.stop()
    }

    @Test func approval_failureOfTheApprover() async throws {
        let bench = try bench(ApprovalRule(approver: Chief(error: Absent())))
        #expect(try await bench.run().output == rejected)
        #expect(bench.journalTails[0].contains(#""decided_by":"otherwise (chief: on holiday)""#))
    }

    @Test func approval_pendingCallIsCancelledAtTheStop() async throws {
        let bench = try bench(ApprovalRule(approver: Chief()))
        try await bench.handler.start()
        try await bench.handler.handle(bench.watched.delivery())
        await bench.clock.waitForSleepers()
        await bench.handler.stop()
        #expect(await bench.watched.outcomes(1).map(\.state) == [.cancelled])
    }

    @Test func approval_isNotAskedForRefusedCalls() async throws {
        let chief = Chief(decision: CallDecision(isApproved: true))
        let bench = try bench(ApprovalRule(approver: chief))
        #expect(try await bench.run("{").state == .rejected)
        #expect(chief.asked.elements.isEmpty)
    }

    static let programs: [(script: String, state: FunctionCallState, decidedBy: String)] = [
        ("grep -q '\"amount\":5' && grep -q x || exit 0", .completed, "command /bin/sh"),
        ("exit 1", .rejected, "command /bin/sh"),
        ("kill -9 $$", .rejected, "otherwise (command /bin/sh: it was ended by signal 9)"),
        (
            #"read -r call; [ "$call" = '{"call_id":"call_1","name":"f","arguments":{"amount":5},"session":"demo","labels":{}}' ]"#,
            .completed, "command /bin/sh"
        ),
    ]

    @Test(arguments: programs)
    func approval_byAProgram(script: String, state: FunctionCallState, decidedBy: String) async throws {
        let program = CommandApprover(
            CommandExecutor(
                try CommandTemplate(["/bin/sh", "-c", script]), limits: CommandLimits(timeout: .seconds(240))))
        let bench = try bench(ApprovalRule(approver: program))
        let outcome = try await bench.run(["amount": 5])
        #expect(outcome.state == state)
        #expect(bench.journalTails[0].contains(#""decided_by":"\#(decidedBy)""#))
    }

    static let answers: [(typed: String, isApproved: Bool)] = [
        ("y\n", true), ("YES\n", true), ("n\n", false), ("\n", false), ("yes please\n", false), ("yy\n", false),
    ]

    @Test(arguments: answers) func approval_byThePersonAtTheTerminal(typed: String, isApproved: Bool) async throws {
        let terminal = try PseudoTerminal()
        let bench = try bench(ApprovalRule(approver: TerminalApprover(path: terminal.path, hiding: ["pin"])))
        try await bench.handler.start()
        try await bench.handler.handle(
            bench.watched.delivery("call_1", "f", ["to": "\u{1B}[2J\nAnn", "pin": "1234"]))
        let question = "Run f {\"to\":\"\\u001b[2J\\nAnn\",\"pin\":\"***\"}   [demo]? [y/N] "
        #expect(await terminal.read(until: "[y/N] ") == question)
        terminal.type(typed)
        #expect(await bench.watched.outcomes(1)[0].state == (isApproved ? .completed : .rejected))
        #expect(bench.journalTails[0].contains(#""decided_by":"terminal""#))
        await bench.handler.stop()
    }

    @Test func approval_withoutATerminal() async throws {
        let bench = try bench(ApprovalRule(approver: TerminalApprover(path: "/nowhere/tty")))
        #expect(try await bench.run().output == rejected)
        #expect(
            bench.journalTails[0].contains(#""decided_by":"otherwise (terminal: there is no terminal to ask at)""#))
    }
}
