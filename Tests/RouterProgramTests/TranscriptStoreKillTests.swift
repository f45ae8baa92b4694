import EventJSON
import Foundation
import GRDB
import Testing

/// `kill -9` of the router at many moments while it fills a database. The database then opens, is valid, and lacks at most the
/// utterance that was being written.
@Suite struct TranscriptStoreKillTests {
    /// The number of kills; `ROUTER_KILLS=50` sets more.
    private static let kills = ProcessInfo.processInfo.environment["ROUTER_KILLS"].flatMap(Int.init) ?? 8
    private static let utterances = 1600

    private static let routes = """
        version: 1
        handlers: { transcript: { type: transcript, format: sqlite, output: t.db } }
        routes: [ { name: all, to: transcript } ]
        """

    /// A session in which somebody types, and then nothing happens for an hour: at its own speed it does not end before the kill.
    private static func session() -> String {
        let items = (1...utterances).map { number in
            """
            {"type":"conversation.item.added","previous_item_id":\(number == 1 ? "null" : "\"item_\(number - 1)\""),"item":{\
            "id":"item_\(number)","type":"message","role":"user","status":"completed","content":[{"type":"input_text",\
            "text":"word \(number)"}]}}
            """
        }
        let events = [#"{"type":"session.created","session":{"id":"sess_1"}}"#] + items
        let last = #"{"at":3600,"direction":"server","event":{"type":"input_audio_buffer.cleared"}}"#
        let lines = events.map { #"{"at":0,"direction":"server","event":\#($0)}"# } + [last]
        return lines.joined(separator: "\n") + "\n"
    }

    @Test(.timeLimit(.minutes(5))) func kill_losesAtMostOneUtterance() async throws {
        let place = try Workplace(routes: Self.routes)
        try place.write("session.jsonl", Self.session())
        for kill in 0..<Self.kills {
            try? FileManager.default.removeItem(atPath: place.path + "/dispatch.jsonl")
            let goal = Self.utterances * kill / Self.kills
            let program = try place.start("run", "session.jsonl", "--speed", "1x", "--log", "dispatch.jsonl")
            while place.lines("dispatch.jsonl").count <= goal, !ProcessTable.isGone(program.pid) { await Task.yield() }
            Foundation.kill(program.pid, SIGKILL)
            let ending = await program.end()
            #expect(ending.code == 128 + 9, "kill \(kill): \(ending.error)")

            // Ignores a line of the log that the kill truncated.
            let log = place.text("dispatch.jsonl") ?? ""
            let delivered = log.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
                .count { $0.contains(#""outcome":"delivered""#) }
            let kept = try await Self.kept(place)
            #expect(kept.count >= delivered, "kill \(kill)")
            #expect(kept == (1...max(1, kept.count)).prefix(kept.count).map { "word \($0)" }, "kill \(kill)")
        }
        let ending = try await place.run("run", "session.jsonl")
        #expect(ending.code == 0, "\(ending.error)")
        #expect(try await Self.kept(place) == (1...Self.utterances).map { "word \($0)" })
    }

    /// The utterances in a valid database.
    private static func kept(_ place: Workplace) async throws -> [String] {
        guard FileManager.default.fileExists(atPath: place.path + "/t.db") else { return [] }
        return try await DatabaseQueue(path: place.path + "/t.db").write { database in
            #expect(try String.fetchAll(database, sql: "PRAGMA integrity_check") == ["ok"])
            guard try database.tableExists("utterance") else { return [] }
            // Throws if the search index does not match the utterances.
            try database.execute(
                sql: "INSERT INTO utterance_words (utterance_words, rank) VALUES ('integrity-check', 1)")
            return try String.fetchAll(database, sql: "SELECT text FROM utterance ORDER BY id")
        }
    }
}
