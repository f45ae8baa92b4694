import EventRouter
import Foundation
import RealtimeEvents
import RouterTesting
import ScratchFolders
import Testing

@Suite struct SourceTests {
    private func everything(_ handler: MemoryHandler, _ letters: MemoryDeadLetters) throws -> RouteTable {
        try RouteTable(
            handlers: [HandlerBinding("h", handler)],
            routes: [Route("all", match: try pattern(#"{"n": [{"exists": true}]}"#), to: ["h"])], deadLetters: letters)
    }

    @Test func brokenLinesAreCountedAndKeptAndTheGoodOnesAreRouted() async throws {
        let folder = try ScratchFolder()
        let long = [UInt8](repeating: UInt8(ascii: "x"), count: 20 * 1024 * 1024)
        var bytes: [UInt8] = []
        bytes += Array("{\"type\": \"a\", \"n\": 1}\r\n".utf8)
        bytes += Array("\n   \r\n".utf8)
        bytes += Array("not JSON\n".utf8)
        bytes += Array("[1, 2]\n".utf8)
        bytes += Array("{\"type\": \"a\", \"n\": \"".utf8) + [0xC3, 0x28] + Array("\"}\n".utf8)
        bytes += long + [0x0A]
        bytes += Array("{\"type\": \"response.done\", \"response\": 5, \"item\": [], \"n\": null}\n".utf8)
        bytes += Array("{\"n\": 2, \"type\": \"a\"".utf8)
        bytes += Array("}".utf8)
        let path = try folder.write(bytes, to: "broken.jsonl")

        let handler = MemoryHandler()
        let letters = MemoryDeadLetters()
        let router = Router(try everything(handler, letters))
        try await router.start()
        let report = try await router.run(RecordedSession(path: path))
        await router.stop()

        #expect(handler.positions == ["1", "8", "9"])
        #expect(report.events == 3)
        #expect(report.undecodable == 4)
        let found = letters.letters.elements
        #expect(found.map(\.line) == [4, 5, 6, 7])
        #expect(found.map(\.reason) == [.undecodable, .undecodable, .undecodable, .oversized])
        #expect(
            found.map(\.error) == [
                "expected `true`, `false` or `null` at byte 0", "not a JSON object", "invalid UTF-8 at byte 20",
                "the line is longer than an event may be",
            ])
        #expect(found[3].length == long.count)
        #expect(found[3].bytes.count == DeadLetter.keptBytes)
        #expect(found[3].isTruncated)
    }

    @Test func aLineIsAnEventUpToTheBoundWhereverItsBlocksEnd() async throws {
        let folder = try ScratchFolder()
        let bound = 300_000
        let lines = [bound, bound + 1, bound, 900_000, 30, bound + 1].map { length in
            let event = #"{"n": 1, "pad": ""}"#
            return event.dropLast(2) + String(repeating: "p", count: length - event.utf8.count) + "\"}"
        }
        let path = try folder.write(Array(lines.joined(separator: "\n").utf8), to: "long.jsonl")
        let handler = MemoryHandler()
        let letters = MemoryDeadLetters()
        let router = Router(try everything(handler, letters))
        try await router.start()
        let report = try await router.run(RecordedSession(path: path, maxEventBytes: bound))
        await router.stop()
        #expect(report.events == 3)
        #expect(handler.positions == ["1", "3", "5"])
        #expect(handler.deliveries.elements.map(\.event.bytes.count) == [bound, bound, 30])
        #expect(letters.letters.elements.map(\.line) == [2, 4, 6])
        #expect(letters.letters.elements.map(\.length) == [bound + 1, 900_000, bound + 1])
        #expect(letters.letters.elements.allSatisfy { $0.bytes.count == DeadLetter.keptBytes })
    }

    @Test func linesAreCutRightAcrossTheBordersOfBlocks() async throws {
        let folder = try ScratchFolder()
        var lines: [String] = []
        for number in 0..<3000 {
            lines.append(#"{"type": "a", "n": \#(number), "pad": "\#(String(repeating: "p", count: number % 611))"}"#)
        }
        let path = try folder.write(Array(lines.joined(separator: "\n").utf8), to: "many.jsonl")
        let handler = MemoryHandler()
        let router = Router(try everything(handler, MemoryDeadLetters()))
        try await router.start()
        let report = try await router.run(RecordedSession(path: path))
        await router.stop()
        #expect(report.events == 3000)
        #expect(handler.deliveries.elements.map { String(decoding: $0.event.bytes, as: UTF8.self) } == lines)
    }

    @Test func envelopesCarryTheTimeAndTheClientsLines() async throws {
        let handler = MemoryHandler()
        let table = try everything(handler, MemoryDeadLetters())
        let report = try await run(
            [
                #"{"at": 0.5, "direction": "server", "event": {"type": "a", "n": 1}}"#,
                #"{"at": 0.6, "direction": "client", "event": {"type": "input_audio_buffer.append", "n": 2}}"#,
                #"{"direction": "server", "event": {"type": "input_audio_buffer.dtmf_event_received", "event": "9", "n": 3}}"#,
                #"{"type": "a", "direction": "x", "event": {"type": "b"}, "n": 4}"#,
            ], table)
        #expect(handler.positions == ["1", "3", "4"])
        #expect(handler.deliveries.elements.map(\.event.at) == [0.5, nil, nil])
        #expect(
            String(decoding: handler.deliveries.elements[0].event.bytes, as: UTF8.self) == #"{"type": "a", "n": 1}"#)
        #expect(handler.types[2] == "a")
        #expect(report.events == 3)
    }

    @Test func aRecordingIsPacedByItsTimes() async throws {
        let clock = ManualClock()
        let handler = MemoryHandler()
        let lines = [0.0, 1.0, 3.0].map { #"{"at": \#($0), "direction": "server", "event": {"type": "a", "n": 1}}"# }
        let options = RouterOptions(pace: .times(2))
        async let report = run(lines, try everything(handler, MemoryDeadLetters()), options: options, clock: clock)
        _ = await handler.deliveries.wait(for: 1)
        await clock.waitForSleepers()
        #expect(handler.deliveries.elements.count == 1)
        clock.advance(by: .milliseconds(500))
        #expect(await handler.deliveries.wait(for: 2).count == 2)
        await clock.waitForSleepers()
        clock.advance(by: .seconds(1))
        #expect(try await report.events == 3)
    }

    @Test func theClientsAnswersAreFoundAhead() async throws {
        let folder = try ScratchFolder()
        let lines = [
            #"{"direction": "server", "event": {"type": "conversation.item.create", "item": {"type": "function_call_output", "call_id": "s", "output": "x"}}}"#,
            #"{"direction": "client", "event": {"type": "conversation.item.create", "item": {"type": "function_call_output", "call_id": "c", "output": "a \"b\""}}}"#,
            #"not JSON"#,
            #"{"direction": "client", "event": {"type": "conversation.item.create", "item": {"type": "message"}}}"#,
        ]
        let path = try folder.write(Array(lines.joined(separator: "\n").utf8), to: "s.jsonl")
        #expect(try await RecordedSession(path: path).recordedOutputs() == ["c": #"a "b""#])
    }

    @Test func aSourceThatFailsEndsTheRunAndSaysWhy() async throws {
        struct Broken: Error {}
        let source = ScriptedSource()
        let handler = MemoryHandler()
        let router = Router(try everything(handler, MemoryDeadLetters()))
        try await router.start()
        source.send(#"{"type": "a", "n": 1}"#)
        _ = { source.end(throwing: Broken()) }()
        let report = try await router.run(source)
        await router.stop()
        #expect(report.failure is Broken)
        #expect(report.events == 1)
        #expect(handler.positions == ["1"])
    }

    @Test(arguments: [
        ("missing.jsonl", "cannot read FOLDER/missing.jsonl: No such file or directory"),
        (
            ".",
            "cannot read FOLDER/.: it is a folder; give a file of JSON Lines, or - for standard input"
        ),
    ])
    func aFileThatCannotBeReadSaysSo(_ name: String, _ message: String) throws {
        let folder = try ScratchFolder()
        let error = #expect(throws: FileFailure.self) { try RecordedSession(path: folder.path + "/" + name) }
        #expect(error?.description == message.replacing("FOLDER", with: folder.path))
    }

    @Test func keysAreFileNames() throws {
        let folder = try ScratchFolder()
        let path = try folder.write([], to: "call-17.jsonl")
        #expect(try RecordedSession(path: path).key == "call-17")
        #expect(try RecordedSession(path: path, key: "mine").key == "mine")
    }

    @Test func aPipeIsLiveAndAFileIsNot() throws {
        let folder = try ScratchFolder()
        #expect(try !RecordedSession(path: folder.write([], to: "call.jsonl")).isLive)
        let pipe = folder.path + "/pipe"
        #expect(mkfifo(pipe, 0o600) == 0)
        // Opening a pipe waits for the other end; this process opens both.
        let end = open(pipe, O_RDWR)
        defer { close(end) }
        #expect(try RecordedSession(path: pipe).isLive)
    }
}
