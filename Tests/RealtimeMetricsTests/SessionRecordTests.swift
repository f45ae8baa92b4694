import EventJSON
import EventRouter
import Foundation
import RealtimeEvents
import RealtimeMetrics
import RouterTesting
import ScratchFolders
import Testing

@Suite struct SessionRecordTests {
    private static let lines = [
        #"{"at": 0, "direction": "server", "event": {"type": "session.created", "session": {"id": "sess_1", "model": "m-1", "audio": {"input": {"transcription": {"model": "w"}}}}}}"#,
        #"{"at": 1, "direction": "server", "event": {"type": "input_audio_buffer.speech_started", "item_id": "u", "audio_start_ms": 500}}"#,
        #"{"at": 2, "direction": "server", "event": {"type": "input_audio_buffer.speech_stopped", "item_id": "u", "audio_end_ms": 1750}}"#,
        #"{"at": 2.1, "direction": "server", "event": {"type": "input_audio_buffer.committed", "item_id": "u"}}"#,
        #"{"at": 2.2, "direction": "server", "event": {"type": "response.created", "response": {"id": "r"}}}"#,
        #"{"at": 2.5, "direction": "server", "event": {"type": "output_audio_buffer.started", "response_id": "r"}}"#,
        #"{"at": 3, "direction": "server", "event": {"type": "response.done", "response": {"id": "r", "status": "completed", "usage": {"input_tokens": 100, "output_tokens": 10, "input_token_details": {"text_tokens": 100, "cached_tokens": 50}, "output_token_details": {"text_tokens": 10}}}}}"#,
        #"{"at": 4.25, "direction": "server", "event": {"type": "output_audio_buffer.stopped", "response_id": "r"}}"#,
        #"{"at": 5, "direction": "server", "event": {"type": "session.created", "session": {"id": "sess_2", "model": "m-2"}}}"#,
    ]

    @Test func endedSession_hasALine() async throws {
        let files = try ScratchFolder()
        let prices = PriceTable([.init(model: "m-*", tariffs: ["text": .init(input: 1, cached: 0.1, output: 5)])])
        let meter = MetricsHandler(prices: prices, sessions: files.path + "/sessions.jsonl", clock: ManualClock())
        let table = try RouteTable(handlers: [HandlerBinding("meter", meter)], routes: [Route("all", to: ["meter"])])
        let router = Router(table, clock: ManualClock())
        try await router.start()
        let report = try await router.run(
            ScriptedSource(Self.lines, key: "call"), labels: [SessionLabel("tenant", "acme")])
        await router.stop()
        #expect(report.lost == 0)
        #expect(
            try files.read("sessions.jsonl") == """
                {"session":"call","session_id":"sess_1","labels":{"tenant":"acme"},"reason":"replaced","duration_ms":4250,\
                "model":"m-1","transcription_model":"w","events":8,"events_by_type":{"input_audio_buffer.committed":1,\
                "input_audio_buffer.speech_started":1,"input_audio_buffer.speech_stopped":1,"output_audio_buffer.started":1,\
                "output_audio_buffer.stopped":1,"response.created":1,"response.done":1,"session.created":1},"turns":1,\
                "turn_latency_ms":{"count":1,"p50":500,"p95":500,"max":500},\
                "first_token_ms":{"count":1,"p50":500,"p95":500,"max":500},"responses":{"completed":1},\
                "response_ms":{"count":1,"p50":800,"p95":800,"max":800},\
                "first_output_ms":{"count":1,"p50":300,"p95":300,"max":300},\
                "tokens":{"total":110,"input":{"text":100},"output":{"text":10},"cached":50},"cost_dollars":0.000105,\
                "speech_seconds":{"assistant":1.75,"user":1.25},"function_calls":{},"interruptions":0,"errors":{}}
                {"session":"call#2","session_id":"sess_2","labels":{"tenant":"acme"},"reason":"end_of_source","duration_ms":0,\
                "model":"m-2","events":1,"events_by_type":{"session.created":1},"turns":0,"responses":{},\
                "tokens":{"total":0,"input":{},"output":{},"cached":0},"function_calls":{},"interruptions":0,"errors":{}}

                """)
    }

    /// A line that could not be written is complete after the retry, and is counted once.
    @Test func failedLine_isRetried() async throws {
        let files = try ScratchFolder()
        let (path, sink) = (files.path + "/sessions.jsonl", MemoryMetrics())
        let meter = MetricsHandler(sinks: [sink], sessions: path, clock: ManualClock())
        let session = RouterSession(key: "s") { _ in }
        func handle(_ json: String, attempt: Int = 1) async throws {
            try await meter.handle(
                EventDelivery(
                    event: try RealtimeEvent(json: json), routes: ["r"], attempt: attempt, session: session))
        }
        try await meter.start()
        try await handle(#"{"type":"router.turn.done","latency_ms":500}"#)
        #expect(unlink(path) == 0 && symlink(files.path + "/other", path) == 0)
        let ended = #"{"type":"router.session.ended","reason":"end_of_source"}"#
        await #expect(throws: FileFailure.self) { try await handle(ended) }
        #expect(unlink(path) == 0)
        try await handle(ended, attempt: 2)
        try await handle(ended)
        await meter.stop()
        let lines = try files.read("sessions.jsonl").split(separator: "\n")
        #expect(lines.map { $0.contains(#""turns":1"#) } == [true, false])
        #expect(sink.measurements.elements.count { $0.name == "realtime_sessions_total" } == 2)
    }

    @Test func unwritableFile_failsTheStart() async throws {
        let files = try ScratchFolder()
        let meter = MetricsHandler(sessions: files.path)
        await #expect(throws: (any Error).self) { try await meter.start() }
    }
}
