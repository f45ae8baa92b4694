import EventJSON
import EventRouter
import Foundation
import FunctionCalls
import RealtimeEvents
import RouterTesting
import SchemaValidation
import ScratchFolders
import Testing

/// Calls that are answered without running anything.
@Suite(.timeLimit(.minutes(5)))
struct RefusalTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var name: String? = "f"
        var arguments: JSONValue
        var reason: String
        var testDescription: String { reason }
    }

    static let rows = [
        Row(arguments: #"{"city":"#, reason: "the arguments are not a JSON object"),
        Row(arguments: "[1]", reason: "the arguments are not a JSON object"),
        Row(name: "get_wether", arguments: [:], reason: "unknown function `get_wether`"),
        Row(
            name: String(repeating: "x", count: 100), arguments: [:],
            reason: "unknown function `\(String(repeating: "x", count: 60))…`"),
        Row(name: nil, arguments: [:], reason: "the call names no function"),
        Row(arguments: [:], reason: "the argument `city` is missing"),
        Row(arguments: "", reason: "the argument `city` is missing"),
        Row(arguments: ["City": "Lisbon"], reason: "the argument `city` is missing"),
        Row(arguments: ["city": nil], reason: "the argument `city` is missing"),
        Row(arguments: ["city": "--help"], reason: "the argument `city` may not begin with `-`"),
        Row(arguments: ["city": "-"], reason: "the argument `city` may not begin with `-`"),
        Row(arguments: ["city": -5], reason: "the argument `city` may not begin with `-`"),
        Row(arguments: ["city": "Lisbon\0"], reason: "the argument `city` contains a NUL character"),
        Row(
            arguments: ["city": .string(String(repeating: "x", count: 1_000_000))],
            reason: "the argument `city` is longer than 131071 bytes"),
    ]

    @Test(arguments: rows) func refusal_reasons(row: Row) async throws {
        let bench = try CallBench(try shell(": > ran", "{city}"))
        let outcome = try await bench.run(row.arguments, name: row.name)
        let output = JSONValue.object(["error": .string("\(row.reason) (reference call_1)")]).description
        #expect(outcome.state == .rejected)
        #expect(outcome.output == output)
        #expect(outcome.error == row.reason)
        #expect(outcome.queuedMs == nil && outcome.ranMs == nil)
        let name = row.name.map { #""name":"\#($0)","# } ?? ""
        let words = #""output":\#(JSONValue.string(output)),"error":\#(JSONValue.string(row.reason))"#
        #expect(
            bench.journalTails == [#"…\#(name)"arguments":\#(row.arguments),"state":"rejected",\#(words)}"#],
            "one line, for nothing was started")
    }

    @Test(
        arguments: [
            (
                ["city": 5, "units": "K"],
                #"`city` must be a string, and is a number; `units` must be one of \"C\", \"F\", and is \"K\""#
            ),
            (["citi": "Oslo"], "`city` is missing; `citi` is not known; did you mean `city`?"),
            ([:], "`city` is missing"),
        ] as [(JSONValue, String)])
    func argumentsThatDoNotFitTheParameters(_ arguments: JSONValue, _ reason: String) async throws {
        let parameters = try JSONSchema([
            "type": "object", "required": ["city"], "additionalProperties": false,
            "properties": ["city": ["type": "string"], "units": ["enum": ["C", "F"]]],
        ])
        let bench = try CallBench([LocalFunction("f", parameters: parameters, executor: try shell(": > ran"))])
        let outcome = try await bench.run(arguments)
        #expect(outcome.state == .rejected)
        #expect(outcome.output == #"{"error":"the arguments do not fit: \#(reason) (reference call_1)"}"#)
        #expect(!FileManager.default.fileExists(atPath: "\(bench.folder.path)/ran"))
    }

    @Test func refusal_argumentsTooLongForTheSystem() async throws {
        let words = (0..<40).map { "--part\($0)={part}" }
        let bench = try CallBench(try CommandExecutor(["/bin/true"] + words))
        let outcome = try await bench.run(["part": .string(String(repeating: "x", count: 100_000))])
        #expect(outcome.state == .rejected)
        #expect(outcome.output == #"{"error":"the arguments are too long (reference call_1)"}"#)
        #expect(
            outcome.error
                == "/bin/true: the arguments are too long for the system; standard input has no such limit")
    }

    @Test func blankArguments_areAnEmptyObject() async throws {
        let bench = try CallBench(try shell("cat"))
        #expect(try await bench.run(" ").output == "{}")
    }

    @Test func otherEvent_failsTheDelivery() async throws {
        let bench = try CallBench(try shell("cat"))
        let event = try RealtimeEvent(json: #"{"type":"response.done"}"#)
        let delivery = EventDelivery(event: event, routes: ["all"], session: bench.watched.session)
        let error = await #expect(throws: DeliveryFailure.self) { try await bench.handler.handle(delivery) }
        #expect(error?.description == "functions are run for router.function_call.ready, not for `response.done`")
    }

    @Test func callWithoutID_failsTheDelivery() async throws {
        let bench = try CallBench(try shell("cat"))
        let event = try RealtimeEvent(json: #"{"type":"router.function_call.ready","name":"f"}"#)
        let delivery = EventDelivery(event: event, routes: ["all"], session: bench.watched.session)
        let error = await #expect(throws: DeliveryFailure.self) { try await bench.handler.handle(delivery) }
        #expect(error?.description == "the call has no call_id")
    }

    @Test func unwritableJournal_preventsTheRun() async throws {
        let bench = try CallBench(swift { _ in FunctionCallResult("ran") })
        try await bench.handler.handle(bench.watched.delivery())
        let outcome = await bench.watched.outcomes(1)[0]
        #expect(outcome.state == .failed)
        #expect(outcome.output == #"{"error":"the function could not be run (reference call_1)"}"#)
        #expect(
            outcome.error
                == "not run without a journal: cannot write \(bench.folder.path)/calls.jsonl: it is not open")
    }

    @Test func unwritableJournal_failsTheStart() async throws {
        let handler = FunctionCallHandler([], journal: "/proc/no-such-folder/calls.jsonl")
        await #expect(throws: FileFailure.self) { try await handler.start() }
    }
}
