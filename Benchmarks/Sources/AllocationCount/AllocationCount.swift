import CAllocations
import EventPatterns
import EventRouter

/// How many heap allocations an event costs on its whole way through a router: from a batch of lines, through scan, session state
/// and rules, to the end.
///
/// A run also allocates what has nothing to do with the number of events, so two runs are compared that differ in nothing but the
/// number of events of one kind: what the longer one allocates more, it allocates for these. Prints a line of JSON for each kind.
@main
struct AllocationCount {
    static func main() async throws {
        guard allocation_count() >= 0 else { throw Failure("allocations cannot be counted on this system") }
        let untaken = [
            "response.output_audio.delta", "response.function_call_arguments.delta",
            "input_audio_buffer.speech_started",
            "rate_limits.updated", "vendor.heartbeat",
        ]
        for type in untaken {
            try await print(
                type, perEvent(few: Recording.of(type, count: 2_000), many: Recording.of(type, count: 12_000)), 10_000)
        }
        let short = Recording.spoken(utterances: 50, deltas: 100)
        let long = Recording.spoken(utterances: 50, deltas: 300)
        try await print("response.output_audio_transcript.delta", perEvent(few: short, many: long), 10_000)
    }

    private static func print(_ type: String, _ allocations: Int, _ events: Int) {
        let perEvent = Double(allocations) / Double(events)
        Swift.print(#"{"type":"\#(type)","events":\#(events),"allocations":\#(allocations),"perEvent":\#(perEvent)}"#)
    }

    private static func perEvent(few: [String], many: [String]) async throws -> Int {
        // The first run of all also pays for what the runtime makes once.
        _ = try await allocations(routing: few)
        return try await allocations(routing: many) - allocations(routing: few)
    }

    private static func allocations(routing lines: [String]) async throws -> Int {
        let router = Router(try table())
        let source = SessionLines(lines, key: "count", name: "count")
        try await router.start()
        let before = allocation_count()
        let report = try await router.run(source)
        let after = allocation_count()
        await router.stop()
        guard report.undecodable == 0 else { throw Failure("a line of the recording was not decodable") }
        return after - before
    }

    /// Transcripts of what was said, and an alarm: as in the shipped routes, utterances are observed and their updates are not.
    private static func table() throws -> RouteTable {
        try RouteTable(
            handlers: [
                HandlerBinding("transcript", .transcript(to: ClosureTranscriptSink { _, _, _ in })),
                HandlerBinding("alarm", .events { _ in }),
            ],
            routes: [
                Route("everything that was said", to: ["transcript"]),
                Route(
                    "failures",
                    match: try Pattern(
                        json: #"{"type":["response.done"],"response":{"status":["failed","incomplete"]}}"#),
                    to: ["alarm"]),
            ])
    }
}

/// Why nothing was counted.
struct Failure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
