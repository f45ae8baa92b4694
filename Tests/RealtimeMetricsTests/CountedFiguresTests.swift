import EventJSON
import EventRouter
import Foundation
import RealtimeEvents
import RealtimeMetrics
import RouterTesting
import ScratchFolders
import Testing

/// The metrics of recorded sessions equal those that an independent Python script computes.
///
/// `REALTIME_ROUTER_RECORDINGS` may name a folder with more recordings.
@Suite struct CountedFiguresTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    private static let environment = ProcessInfo.processInfo.environment
    private static let isRequired = environment["REALTIME_ROUTER_ALL_TESTS"] != nil
    private static let hasPython = (try? output(of: ["python3", "-c", "print(1)"])) == "1\n"

    private static let sessions: [String] = {
        let examples = folder.appending(path: "../../Examples/Sessions").standardized.path
        let folders = [examples] + [environment["REALTIME_ROUTER_RECORDINGS"]].compactMap { $0 }
        return folders.flatMap { folder in
            let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            return names.filter { $0.hasSuffix(".jsonl") }.sorted().map { folder + "/" + $0 }
        }
    }()

    @Test func recordings_exist() {
        #expect(Self.sessions.count >= 11)
    }

    @Test(.enabled(if: isRequired || hasPython, "install python3"), arguments: sessions)
    func figures_equalAnIndependentCount(_ session: String) async throws {
        let record = try await Self.record(of: session)
        let script = Self.folder.appending(path: "figures.py").path
        let counted = try JSONValue(parsing: try Self.output(of: ["python3", script, session]))
        #expect(record["events_by_type"] == Self.knownTypes(counted["events_by_type"]))
        #expect(record["turns"] == counted["turns"])
        for name in ["responses", "errors"] { #expect(record[name] == counted[name], "\(name)") }
        for (name, path) in [
            ("response_reasons", ["response_reasons"]), ("speech_seconds", ["speech_seconds"]),
            ("transcription_input", ["transcription", "input"]), ("transcription_output", ["transcription", "output"]),
        ] {
            let counts = counted[name]
            let figures = path.reduce(record) { $0[$1] ?? .null }
            #expect(figures == (counts?.object?.isEmpty == true ? .null : counts), "\(name)")
        }
        for name in ["input", "output", "cached"] { #expect(record["tokens"]?[name] == counted[name], "\(name)") }
        #expect(record["transcription"]?["seconds"]?.double == counted["transcription_seconds"]?.double)
        #expect(Self.sum(record["function_calls"]) == counted["calls"]?.int)
        for (figure, list) in [
            ("turn_latency_ms", "latency_ms"), ("first_token_ms", "first_token_ms"), ("response_ms", "response_ms"),
            ("first_output_ms", "first_output_ms"),
        ] {
            #expect(record[figure] == Self.distribution(counted[list]), "\(figure)")
        }
    }

    /// The handler's record of a session that ended.
    private static func record(of session: String) async throws -> JSONValue {
        let files = try ScratchFolder()
        let meter = MetricsHandler(sessions: files.path + "/sessions.jsonl", clock: ManualClock())
        let table = try RouteTable(
            handlers: [HandlerBinding("meter", meter), HandlerBinding("tools", Answering())],
            routes: [Route("figures", to: ["meter"]), Route("calls", to: ["tools"])])
        let router = Router(table)
        try await router.start()
        _ = try await router.run(RecordedSession(path: session))
        await router.stop()
        return try JSONValue(parsing: try String(contentsOfFile: files.path + "/sessions.jsonl", encoding: .utf8))
    }

    /// Answers every call.
    private struct Answering: FunctionCallHandling {
        let interests: [EventType] = [.routerFunctionCallReady]

        func handle(_ delivery: EventDelivery) async throws {
            let call = try delivery.event.decode(FunctionCall.self)
            delivery.session.complete(
                FunctionCallOutcome(callID: call.callID ?? "", state: .completed, output: "{}"))
        }
    }

    /// The script does not know event types, so it counts each type separately.
    private static func knownTypes(_ types: JSONValue?) -> JSONValue {
        var counts: [String: Int] = [:]
        for (name, count) in types?.object ?? [:] {
            let isKnown = EventType(name).code != .unknown
            counts[isKnown ? name : "other", default: 0] += count.int ?? 0
        }
        return .object(JSONObject(counts.map { (key: $0, value: .number(JSONNumber($1))) }))
    }

    private static func sum(_ counts: JSONValue?) -> Int {
        (counts?.object ?? [:]).reduce(0) { $0 + ($1.value.int ?? 0) }
    }

    private static func distribution(_ list: JSONValue?) -> JSONValue? {
        let values = (list?.array ?? []).compactMap(\.int).sorted()
        guard !values.isEmpty else { return nil }
        let rank = { (part: Double) in values[max(0, Int((part * Double(values.count)).rounded(.up)) - 1)] }
        let number = { (value: Int) in JSONValue.number(JSONNumber(value)) }
        return [
            "count": number(values.count), "p50": number(rank(0.5)), "p95": number(rank(0.95)),
            "max": number(values.last!),
        ]
    }

    private static func output(of command: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = command
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: output, as: UTF8.self)
    }
}
