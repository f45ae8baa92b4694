import EventJSON
import EventRouter
import Foundation
import Logging
import RealtimeEvents
import RouterTesting
import ScratchFolders
import Testing

/// The recordings that belong to a source.
@Suite(.timeLimit(.minutes(2))) struct SourceRecordingTests {
    private static let ping = #"{"type":"ping","event_id":"e"}"#

    private let scratch: ScratchFolder

    init() throws { scratch = try ScratchFolder() }

    /// Runs lines of live sessions as a source with recordings.
    private func run(
        _ lines: [String], _ recordings: RecordingFiles, options: RouterOptions = RouterOptions(),
        logger: Logger? = nil, record: @escaping @Sendable (String) throws -> RecordingFile? = { _ in nil }
    ) async throws -> RunReport {
        let silent = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        let table = try RouteTable(
            handlers: [HandlerBinding("seen", MemoryHandler(interests: [EventType("ping")]))],
            routes: [Route("pings", to: ["seen"])])
        let router = Router(table, options: options, clock: ManualClock(), logger: logger ?? silent)
        try await router.start()
        let source = ScriptedSource(key: "pipe", isInteractive: true)
        for line in lines { source.send(line) }
        source.end()
        let report = try await router.run(
            SourceGroup([SourceBinding("agents", source, recordings: recordings)]), record: record)
        await router.stop()
        return report
    }

    @Test("Each session of a source has a file in the folder; file and folder are private")
    func sessions_haveFilesInTheFolder() async throws {
        let report = try await run(
            [
                #"{"session":"a","labels":{"tenant":"acme"},"event":\#(Self.ping)}"#,
                #"{"session":"b/c","event":\#(Self.ping)}"#,
                #"{"session":"a","direction":"client","event":{"type":"input_audio_buffer.append","audio":"AAAA"}}"#,
            ], RecordingFiles(folder: scratch.path + "/made/calls"))
        #expect(report.unwritten.isEmpty)
        #expect(try scratch.mode("made") == 0o700 && scratch.mode("made/calls") == 0o700)
        let other = SafeFileName("b/c").description
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: scratch.path + "/made/calls").sorted()
                == ["a.jsonl", "\(other).jsonl"])
        #expect(try scratch.mode("made/calls/a.jsonl") == 0o600)
        let lines = scratch.lines("made/calls/a.jsonl")
        let header = try JSONValue(parsing: try #require(lines.first))
        #expect(header["session"] == "a" && header["labels"] == ["tenant": "acme"])
        // Without a version of the router, its calls would run again in a replay.
        #expect(header["router"]?.string != nil && header["live"] == true)
        #expect(
            Array(lines.dropFirst()) == [
                #"{"at":0.0,"direction":"server","event":\#(Self.ping)}"#,
                #"{"at":0.0,"direction":"client","event":{"type":"input_audio_buffer.append","audio":3}}"#,
                #"{"session":"a","at":0.0,"end":true,"reason":"end_of_source"}"#,
            ])
        #expect(try RecordingFiles(folder: scratch.path + "/made/calls/").records.forget(session: "b/c") == 1)
        #expect(scratch.text("made/calls/\(other).jsonl") == nil)
    }

    @Test("Audio is recorded on request")
    func audio_isKept() async throws {
        let append = #"{"type":"input_audio_buffer.append","audio":"AAAA"}"#
        _ = try await run(
            [Self.ping, #"{"direction":"client","event":\#(append)}"#],
            RecordingFiles(folder: scratch.path, keepsAudio: true))
        #expect(scratch.lines("pipe.jsonl")[2] == #"{"at":0.0,"direction":"client","event":\#(append)}"#)
    }

    @Test("A dry run records nothing")
    func dryRun_recordsNothing() async throws {
        _ = try await run(
            [Self.ping], RecordingFiles(folder: scratch.path + "/calls"), options: RouterOptions(isDryRun: true))
        #expect(scratch.names == [])
    }

    @Test("A full recording ends with `recording_full`, and is replayed up to there; the session continues")
    func fullRecording_saysSo() async throws {
        let log = Collected<String>()
        let logger = Logger(label: "test") { _ in CollectingLog(log) }
        let report = try await run(
            Array(repeating: Self.ping, count: 100), RecordingFiles(folder: scratch.path, maximumSize: 1000),
            logger: logger)
        #expect(report.events == 100 && report.unwritten.isEmpty)
        let lines = scratch.lines("pipe.jsonl")
        #expect(lines.last == #"{"session":"pipe","at":0.0,"end":true,"reason":"recording_full"}"#)
        #expect(lines.count { $0.contains("recording_full") } == 1)
        let size = scratch.text("pipe.jsonl")?.utf8.count ?? 0
        #expect(size <= 1000 && size > 800, "\(size)")
        #expect(
            log.elements == [
                "warning script a recording is full, and what follows in its session is not recorded "
                    + "file=\(scratch.path)/pipe.jsonl session=pipe"
            ])
        let ended = MemoryHandler(interests: [.routerSessionEnded])
        let table = try RouteTable(
            handlers: [HandlerBinding("ended", ended)], routes: [Route("ends", to: ["ended"])])
        let router = Router(table, clock: ManualClock())
        try await router.start()
        let replay = try await router.run(try RecordedSession(path: scratch.path + "/pipe.jsonl"))
        await router.stop()
        #expect(replay.events == lines.count - 2)
        #expect(try ended.deliveries.elements.map { try $0.event.decode(SessionEnded.self).reason } == [.recordingFull])
    }

    @Test("A recording that cannot be made is counted and reported, and does not stop its session")
    func unwritableRecording_stopsNoSession() async throws {
        try scratch.write("", to: "file")
        let report = try await run(
            [#"{"session":"a","event":\#(Self.ping)}"#, #"{"session":"b","event":\#(Self.ping)}"#],
            RecordingFiles(folder: scratch.path + "/file"))
        #expect(report.events == 2 && report.failures.isEmpty)
        #expect(
            Set(report.unwritten.map { "\($0.path.dropFirst(scratch.path.count)) \($0.records) \($0.error)" }) == [
                "/file/pipe.jsonl 1 Not a directory", "/file/a.jsonl 1 Not a directory",
                "/file/b.jsonl 1 Not a directory",
            ])
    }

    @Test("Both the run's and the source's recordings are written; equal paths give one recording")
    func bothRecordings_areWritten() async throws {
        let own = RecordingFiles(path: scratch.path + "/own.jsonl")
        _ = try await run([Self.ping], RecordingFiles(folder: scratch.path), record: { try own.begin(session: $0) })
        own.close()
        #expect(scratch.names == ["own.jsonl", "pipe.jsonl"])
        #expect(scratch.lines("own.jsonl").count == 3 && scratch.lines("pipe.jsonl").count == 3)
        #expect(
            scratch.lines("own.jsonl")[1] == #"{"session":"pipe","at":0.0,"direction":"server","event":\#(Self.ping)}"#)

        let same = RecordingFiles(path: scratch.path + "/both/../both/{session}.jsonl", router: "9.9.9")
        _ = try await run(
            [Self.ping], RecordingFiles(folder: scratch.path + "/both"), record: { try same.begin(session: $0) })
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: scratch.path + "/both") == ["pipe.jsonl"])
        let lines = scratch.lines("both/pipe.jsonl")
        #expect(lines.count == 3 && lines[0].contains("9.9.9"))
    }

    @Test("Old recordings are deleted when the source begins and once an hour, except those that are being written")
    func oldRecordings_areRemoved() async throws {
        let clock = ManualClock()
        let seen = MemoryHandler(interests: [EventType("ping")])
        let table = try RouteTable(
            handlers: [HandlerBinding("seen", seen)], routes: [Route("pings", to: ["seen"])])
        let router = Router(table, clock: clock)
        try await router.start()
        func write(_ name: String, age: Double) throws {
            try scratch.write(#"{"recording":1,"session":"x"}"# + "\n", to: name)
            try touch(name, clock.wallTime - age)
        }
        try write("old.jsonl", age: 7300)
        try write("young.jsonl.1", age: 7000)
        try scratch.write("not of a router\n", to: "other.jsonl")
        try touch("other.jsonl", 0)
        let source = ScriptedSource(key: "pipe", isInteractive: true)
        let recordings = RecordingFiles(folder: scratch.path, keep: .seconds(7200))
        let running = Task {
            try await router.run(SourceGroup([SourceBinding("agents", source, recordings: recordings)]))
        }
        source.send(Self.ping)
        _ = await seen.deliveries.wait(for: 1)
        await clock.waitForSleepers()
        #expect(scratch.names == ["other.jsonl", "pipe.jsonl", "young.jsonl.1"])
        try touch("pipe.jsonl", 0)
        clock.advance(by: .seconds(3600))
        await clock.waitForSleepers()
        #expect(scratch.names == ["other.jsonl", "pipe.jsonl"])
        // It has ended, and is deleted like any other.
        source.end()
        _ = try await running.value
        await router.stop()
        #expect(scratch.lines("pipe.jsonl").count == 3)
        try touch("pipe.jsonl", 0)
        _ = try await run([], recordings)
        #expect(scratch.names == ["other.jsonl"])
    }

    private func touch(_ name: String, _ time: Double) throws {
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSince1970: time)], ofItemAtPath: "\(scratch.path)/\(name)")
    }
}
