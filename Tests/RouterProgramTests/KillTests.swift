import EventJSON
import Foundation
import SeededNumbers
import Testing

/// Repeated `kill -9` of the router during calls, with one journal: no command runs twice.
@Suite struct KillTests {
    /// The number of kills; `ROUTER_KILLS=50` sets more.
    private static let kills = ProcessInfo.processInfo.environment["ROUTER_KILLS"].flatMap(Int.init) ?? 12
    private static let calls = 200

    private static let routes = """
        version: 1
        handlers:
          tools:
            type: function_call
            journal: calls.jsonl
            once: journal
            max_journal: 16KiB
            max_concurrent: 4
            functions: { order: { command: [./order] } }
        routes: [ { name: calls, to: tools } ]
        """

    /// A command that records that it ran, and kills the router after a number of calls.
    private static let order = """
        #!/bin/sh
        sleep 0.02
        echo "$ROUTER_CALL_ID" >> ran
        [ "$(wc -l < ran)" -lt "$(cat goal)" ] || kill -9 "$(cat router)"
        echo done
        """

    @Test(.timeLimit(.minutes(5))) func kill_noCommandRunsTwice() async throws {
        let seed = ProcessInfo.processInfo.environment["ROUTER_SEED"].flatMap(UInt64.init) ?? .random(in: 0 ... .max)
        var random = SplitMix(seed: seed)
        let place = try Workplace(routes: Self.routes)
        var script = SessionScript()
        for _ in 0..<(Self.calls / 4) { script.calls("order", count: 4) }
        try place.write("session.jsonl", script.text)

        try await place.writeProgram("order", Self.order)

        var hits = 0
        for _ in 1...Self.kills {
            let goal = place.lines("ran").count + Int.random(in: 0...(Self.calls / Self.kills / 2), using: &random)
            try place.write("goal", "\(goal)")
            try place.write("router", "")
            let program = try place.start("run", "session.jsonl")
            try place.write("router", "\(program.pid)")
            if await program.end().code == 128 + 9 { hits += 1 }
        }
        try place.write("goal", "1000000")
        #expect(hits > Self.kills / 2, "seed \(seed): only \(hits) kills")
        let ending = try await place.run("run", "session.jsonl", "--outbound", "outbound.jsonl")
        #expect(ending.code == 0, "seed \(seed): \(ending.error)")

        let ids = (1...Self.calls).map { "call_\($0)" }
        let ran = place.lines("ran")
        #expect(Set(ran).count == ran.count, "seed \(seed): \(ran.count) runs of \(Set(ran).count) calls")
        let answers = try place.lines("outbound.jsonl").map { try JSONValue(parsing: $0)["item"] }
            .compactMap { item in item?["call_id"]?.string.map { ($0, item?["output"]?.string ?? "") } }
        #expect(answers.map(\.0).sorted() == ids.sorted(), "seed \(seed)")
        // A call that was reported as done has run. The others may or may not have run.
        let done = Set(answers.filter { $0.1 == "done" }.map(\.0))
        #expect(done.isSubset(of: ran), "seed \(seed)")
        let unknown = answers.filter { $0.1.hasPrefix(#"{"error":"outcome unknown"#) }
        #expect(done.count + unknown.count == Self.calls, "seed \(seed)")
        #expect(unknown.count <= Self.kills * 4, "seed \(seed)")
    }
}
