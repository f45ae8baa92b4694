import EventJSON
import EventRouter
import Foundation
import FunctionCalls
import LocalCommands
import RealtimeEvents
import RouterTesting
import SchemaValidation
import ScratchFolders
import Testing

/// A folder with a program that records its input, and a router with functions that run it.
struct HostilePlace {
    let folder: ScratchFolder
    private let handler: FunctionCallHandler

    private static let program = #"""
        printf '%s\0' "$0" "$@" > "$ROUTER_CALL_KEY.argv"
        cat > "$ROUTER_CALL_KEY.input"
        echo done
        """#

    init() throws {
        folder = try ScratchFolder()
        let record = "\(folder.path)/record"
        try Self.program.write(toFile: record, atomically: false, encoding: .utf8)
        let parameters = try JSONSchema([
            "type": "object", "required": ["city", "count"], "additionalProperties": false,
            "properties": [
                "city": ["type": "string", "minLength": 1, "maxLength": 64, "pattern": "^[A-Za-z ]+$"],
                "count": ["type": "integer", "minimum": 1, "maximum": 10],
            ],
        ])
        let base = folder.path
        func command(_ parts: [CommandPart], allowsDash: Bool = false) throws -> CommandExecutor {
            CommandExecutor(
                try CommandTemplate(["/bin/sh", "./record"] + parts, allowsDash: allowsDash), baseFolder: base,
                limits: CommandLimits(timeout: .seconds(240)))
        }
        handler = FunctionCallHandler(
            [
                LocalFunction(
                    "place", executor: try command(["{city}", "--city={city}", ["--units", "{units}"]])),
                LocalFunction("any_place", executor: try command(["{city}"], allowsDash: true)),
                LocalFunction(
                    "order", parameters: parameters, executor: try command(["--city={city}", "--count={count}"])),
            ], clock: ManualClock())
    }

    /// Makes the calls in one response; returns the answers by the ids of the calls.
    func answers(to calls: [HostileCall], ids: [String]? = nil) async throws -> [String: String] {
        let table = try RouteTable(
            handlers: [HandlerBinding("tools", handler)], routes: [Route("tool calls", to: ["tools"])])
        let router = Router(table, clock: ManualClock())
        let (source, outbound) = (ScriptedSource(), MemoryOutbound())
        try await router.start()
        async let report = router.run(source, outbound: outbound)
        source.send(#"{"type":"response.created","response":{"id":"r1"}}"#)
        for (index, call) in calls.enumerated() {
            let item: JSONValue = [
                "id": .string("i\(index)"), "type": "function_call", "status": "completed",
                "call_id": .string(ids?[index] ?? "c\(index)"), "name": .string(call.function),
                "arguments": .string(call.arguments),
            ]
            source.send(#"{"type":"response.output_item.done","response_id":"r1","item":\#(item)}"#)
        }
        source.send(#"{"type":"response.done","response":{"id":"r1","status":"completed"}}"#)
        let sent = await outbound.events.wait(for: calls.count + 1)
        source.end()
        _ = try await report
        await router.stop()
        #expect(outbound.events.elements.map(\.type).filter { $0 == "response.create" }.count == 1)
        #expect(sent.last?.type == "response.create")
        let items = sent.dropLast().compactMap { $0.json["item"] }
        return Dictionary(items.map { ($0["call_id"]?.string ?? "", $0["output"]?.string ?? "") }) { $0 + " and " + $1 }
    }

    /// The arguments with which the program was run for a call.
    func arguments(_ id: String) -> [String]? {
        bytes("test:\(id).argv").map { bytes in
            bytes.split(separator: 0, omittingEmptySubsequences: false).dropLast().map {
                String(decoding: $0, as: UTF8.self)
            }
        }
    }

    /// The program's standard input.
    func input(_ id: String) -> [UInt8]? { bytes("test:\(id).input") }

    private func bytes(_ name: String) -> [UInt8]? {
        FileManager.default.contents(atPath: "\(folder.path)/\(name)").map(Array.init)
    }
}
