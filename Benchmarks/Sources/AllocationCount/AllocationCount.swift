import CAllocations
import EventPatterns
import EventRouter

/// Counts the heap allocations per event on the whole path through a router: from a batch of lines through the scanner,
/// the session state and the rules.
///
/// A run also makes allocations that do not depend on the number of events. The program therefore compares two runs
/// that differ only in the number of events of one type, and divides the difference by the number of additional events. It prints a JSON line for each
/// type.
@main
struct AllocationCount {
    static func main() async throws {
        guard allocation_count() >= 0 else { throw Failure("allocations cannot be counted on this system") }
        let unroutedTypes = [
            "response.output_audio.delta", "response.function_call_arguments.delta",
            "input_audio_buffer.speech_started",
            "rate_limits.updated", "vendor.heartbeat",
        ]
        for type in unroutedTypes {
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
        // The first run also pays for the one-time allocations of the Swift runtime.
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

    /// A transcript and an alarm, as in the shipped routes. Utterances are routed, and updates of utterances are not.
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

/// The reason why nothing was counted.
struct Failure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
