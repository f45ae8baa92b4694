import EventJSON
import EventRouter
import FunctionCalls
import LocalCommands
import RealtimeEvents
import RouterTesting
import SchemaValidation
import ScratchFolders
import Testing

/// Redacted arguments reach the function and nothing else.
@Suite(.timeLimit(.minutes(5)))
struct RedactionTests {
    private let secret = "4111-1111"

    private func session(_ read: Collected<String>) throws -> LiveSession {
        let parameters = try JSONSchema([
            "type": "object", "properties": ["card": ["type": "string", "pattern": "^[0-9-]+$"]],
        ])
        let pay = swift { call in
            read.append(call.arguments?["card"]?.string ?? "")
            return FunctionCallResult("paid")
        }
        return try LiveSession([
            LocalFunction("pay", parameters: parameters, policy: FunctionPolicy(redacted: ["card"]), executor: pay),
            LocalFunction("look", executor: swift { _ in FunctionCallResult("found") }),
        ])
    }

    /// All events that carry a call.
    private func frames(_ name: String, _ arguments: String, in response: String, call: String) -> [String] {
        let text = JSONValue.string(arguments).description
        let item =
            #"{"id":"i_\#(call)","type":"function_call","status":"completed","call_id":"\#(call)","name":"\#(name)","arguments":\#(text)}"#
        return [
            Server.responseCreated(response),
            #"{"type":"response.output_item.added","response_id":"\#(response)","item":\#(item)}"#,
            #"{"type":"conversation.item.added","item":\#(item)}"#,
            #"{"type":"response.function_call_arguments.delta","call_id":"\#(call)","delta":\#(text)}"#,
            #"{"type":"response.function_call_arguments.done","response_id":"\#(response)","call_id":"\#(call)","arguments":\#(text)}"#,
            #"{"type":"conversation.item.done","item":\#(item)}"#,
            #"{"type":"response.output_item.done","response_id":"\#(response)","item":\#(item)}"#,
            #"{"type":"response.done","response":{"id":"\#(response)","status":"completed","output":[\#(item)]}}"#,
            #"{"type":"some.new.event","items":[\#(item)]}"#,
        ]
    }

    @Test func redaction_coversEverythingWritten() async throws {
        let read = Collected<String>()
        let session = try session(read)
        try await session.start()
        let lines =
            frames("pay", #"{"card":"\#(secret)","amount":5}"#, in: "r1", call: "c1")
            + frames("pay", #"{"card":"\#(secret) x","amount":5}"#, in: "r2", call: "c2")
            + frames("pay", #"{"card":"\#(secret)"#, in: "r3", call: "c3")
            + frames("pya", #"{"order":{"card":"\#(secret)"}}"#, in: "r4", call: "c4")
            + [#"{"type":"response.function_call_arguments.done","arguments":"\#(secret)"#]
        for line in lines { session.server(line) }
        _ = await session.outbound.events.wait(for: 5)
        try await session.end()
        #expect(read.elements == [secret])
        let events = session.writer.deliveries.elements.map { String(decoding: $0.event.bytes, as: UTF8.self) }
        #expect(events.filter { $0.contains(secret) } == [])
        let redacted = events.filter { $0.contains("***") }
        #expect(redacted.count == 40, "of each of four calls eight frames, ready and done")
        let letters = session.letters.letters.elements.map { String(decoding: $0.bytes, as: UTF8.self) }
        #expect(letters == [""])
        #expect(session.folder.text("calls.jsonl")?.contains(secret) == false)
        #expect(
            session.journal.map { "\($0["call_id"]?.string ?? "") \($0["arguments"] ?? .null) \($0["error"] ?? .null)" }
                .sorted()
                == [
                    #"c1 {"card":"***","amount":5} null"#, #"c1 {"card":"***","amount":5} null"#,
                    #"c2 {"card":"***","amount":5} "the arguments do not fit: `card` must match the pattern \"^[0-9-]+$\"""#,
                    #"c3 "***" "the arguments are not a JSON object""#,
                    #"c4 {"order":{"card":"***"}} "unknown function `pya`""#,
                ])
    }

    @Test(arguments: [
        (
            #"{"type":"new.call","arguments":"{\"card\":\"5\"}"}"#,
            #"{"type":"new.call","arguments":"{\"card\":\"***\"}"}"#
        ),
        (
            #"{"type":"new.call","x":[{"arguments":"{\"c\\u0061rd\":\"5"}]}"#,
            #"{"type":"new.call","x":[{"arguments":"***"}]}"#
        ),
        (#"{"type":"new.arguments.delta","delta":"{\"card\":"}"#, #"{"type":"new.arguments.delta","delta":"***"}"#),
        (
            #"{"type":"router.function_call.ready","name":"pay","arguments":{"a":"{\"c\\u0061rd\":\"5\"}","b":"{\"card\":\"5","c":"{}"}}"#,
            #"{"type":"router.function_call.ready","name":"pay","arguments":{"a":"{\"card\":\"***\"}","b":"***","c":"{}"}}"#
        ),
    ])
    func redactedArgument_isFoundHoweverItIsSpelled(_ event: String, _ written: String) throws {
        let pay = LocalFunction(
            "pay", policy: FunctionPolicy(redacted: ["card"]), executor: swift { _ in FunctionCallResult("") })
        let redaction = Redaction(FunctionCallHandler([pay]).redactors)
        let redacted = redaction.redacted(try RealtimeEvent(json: event))
        #expect(String(decoding: redacted.bytes, as: UTF8.self) == written)
    }

    /// The model may see again what it said itself, but its answer would be written with the conversation if it quoted
    /// the value.
    @Test func redaction_coversTheModelsAnswer() async throws {
        let session = try session(Collected())
        try await session.start()
        session.server(Server.responseCreated("r1"), Server.call("c1", "pay", ["card": .string(secret + " x")]))
        #expect(
            await session.sent(1) == [
                output(
                    "c1",
                    #"{"error":"the arguments do not fit: `card` must match the pattern \"^[0-9-]+$\" (reference c1)"}"#
                )
            ])
        try await session.end()
    }

    /// A redacted argument is also redacted in JSON inside a string.
    @Test func redaction_coversRefusals() async throws {
        let parameters = try JSONSchema([
            "type": "object", "properties": ["note": ["type": "string", "pattern": "^x"]],
        ])
        let session = try LiveSession([
            LocalFunction(
                "pay", parameters: parameters, policy: FunctionPolicy(redacted: ["card"]),
                executor: swift { _ in FunctionCallResult("paid") })
        ])
        try await session.start()
        session.server(
            Server.responseCreated("r1"), Server.call("c1", "pay", ["note": .string(#"{"card":"\#(secret)"}"#)]))
        let sent = await session.sent(1)
        try await session.end()
        #expect(
            sent == [
                output(
                    "c1", #"{"error":"the arguments do not fit: `note` must match the pattern \"^x\" (reference c1)"}"#)
            ])
        #expect(session.folder.text("calls.jsonl")?.contains("4111") == false)
    }

    /// A failing program may quote its input in the error; a worker may quote the input of any call.
    @Test func redaction_coversErrors() async throws {
        struct Refused: Error { let card: String }
        // The machine may be busy.
        let limits = CommandLimits(timeout: .seconds(240))
        let program = CommandExecutor(
            try CommandTemplate(["/bin/sh", "-c", "cat >&2; echo ' is 7' >&2; exit 1"]), limits: limits)
        let worker = WorkerExecutor(
            LocalCommand(["/bin/sh", "-c", "read -r l; echo \"$l\"; echo \"$l\" >&2; exit 1"], limits: limits))
        let code = swift { call in throw Refused(card: call.arguments?["card"]?.string ?? "") }
        let executors: [(String, any FunctionCallExecutor)] = [
            ("program", program), ("worker", worker), ("code", code),
        ]
        let session = try LiveSession(
            executors.map { LocalFunction($0, policy: FunctionPolicy(redacted: ["card", "pin"]), executor: $1) })
        try await session.start()
        let text = "\(secret)\n\"\(secret)"
        session.server(Server.responseCreated("r1"))
        for name in ["program", "worker", "code"] {
            session.server(Server.call(name, name, ["card": .string(text), "pin": [7, ""], "note": "n"]))
        }
        _ = await session.sent(3)
        try await session.end()
        #expect(session.folder.text("calls.jsonl")?.contains(secret) == false)
        let events = session.writer.deliveries.elements.map { String(decoding: $0.event.bytes, as: UTF8.self) }
        #expect(!events.contains { $0.contains(secret) })
        let said = session.journal.filter { $0["state"] == "failed" }.map {
            "\($0["name"]?.string ?? "") \($0["error"]?.string ?? "") \($0["stderr"]?.string ?? "-")"
        }
        #expect(
            said.sorted() == [
                "code Refused(card: \"***\") -",
                #"program the command exited with status 1:  is *** {"card":"***","pin":[***,""],"note":"n"}"#
                    + "\n is ***",
                "worker the worker ended before it answered: it exited with status 1 ***",
            ])
    }

    /// A failing program may choose the text for the model, and quote its input.
    @Test func redaction_coversFailureTexts() async throws {
        let program = CommandExecutor(
            try CommandTemplate([
                "/bin/sh", "-c", #"cat >/dev/null; printf '{"error":"no such card: 4111-1111"}'; exit 1"#,
            ]), limits: CommandLimits(timeout: .seconds(240)))
        let session = try LiveSession([
            LocalFunction("pay", policy: FunctionPolicy(redacted: ["card"]), executor: program)
        ])
        try await session.start()
        session.server(Server.responseCreated("r1"), Server.call("c1", "pay", ["card": .string(secret)]))
        let sent = await session.sent(1)
        try await session.end()
        #expect(sent == [output("c1", #"{"error":"no such card: ***"}"#)])
        #expect(session.folder.text("calls.jsonl")?.contains(secret) == false)
        let events = session.writer.deliveries.elements.map { String(decoding: $0.event.bytes, as: UTF8.self) }
        #expect(!events.contains { $0.contains(secret) })
    }

    @Test func redaction_leavesOtherFunctionsUnchanged() async throws {
        let session = try session(Collected())
        try await session.start()
        session.server(Server.responseCreated("r1"), Server.call("c1", "look", ["card": "birthday"]))
        _ = await session.sent(1)
        try await session.end()
        #expect(session.journal.map { $0["arguments"] } == [["card": "birthday"], ["card": "birthday"]])
        let events = session.writer.deliveries.elements.map { String(decoding: $0.event.bytes, as: UTF8.self) }
        #expect(events.filter { $0.contains("birthday") }.count == 3 && !events.contains { $0.contains("***") })
    }

    /// The journal cannot distinguish calls by arguments that it does not have.
    @Test func redaction_limitsOnceToMemory() async throws {
        let policy = FunctionPolicy(once: OnceRule(by: ["cart_id"], within: .seconds(60)), redacted: ["cart_id"])
        let folder = try ScratchFolder()
        for run in 1...2 {
            let bench = try PolicyBench(policy, folder: folder, recorded: .journal)
            try await bench.handler.start()
            try await bench.call("call_\(run)a", ["cart_id": .string("cart \(run)")])
            _ = await bench.outcomes(1)
            try await bench.call("call_\(run)b", ["cart_id": .string("cart \(run)")])
            #expect(
                await bench.outcomes(2) == [
                    "call_\(run)a completed answer of call_\(run)a", "call_\(run)b replayed answer of call_\(run)a",
                ])
            await bench.handler.stop()
        }
    }
}
