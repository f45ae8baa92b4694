import EventRouter
import Foundation
import GRDB
import RealtimeEvents
import RouterTesting
import Testing
import TranscriptStore
import Transcripts

/// Utterances are stored once, and read back as they were written.
@Suite struct RecordingTests {
    /// An utterance with every key.
    private static let full = """
        {"type":"router.utterance.done","event_id":"e1","session":"call-17","session_id":"sess_1","labels":{"b":"2","a":"1"},\
        "turn":3,"item_id":"i1","content_index":2,"role":"assistant","text":"Grüße, \\"世界\\" \\u0000 🙂","status":"interrupted",\
        "modality":"audio","previous_item_id":"i0","response_id":"r1","out_of_band":true,"response_metadata":{"purpose":"risk"},\
        "phase":"commentary","started_ms":1,"ended_ms":2,"audio_start_ms":3,"audio_end_ms":4,"heard_ms":5,"heard_text":"Grüße, \\"世界\\"","audio_ms":6,"language":"de","confidence":0.25,\
        "segments":[{"speaker":"A","text":"Grüße","audio_start_ms":7,"audio_end_ms":8}]}
        """

    @Test func record_isReadAsWritten() async throws {
        let place = try Place()
        let database = TranscriptDatabase(path: place.path(), clock: ManualClock(wallStart: 1_767_225_599))
        let handler = TranscriptHandler(database, including: [.outOfBand])
        try await handler.start()
        let live = RouterSession(key: "call-17", isInteractive: true) { _ in }
        let event = try RealtimeEvent(json: Self.full)
        try await handler.handle(EventDelivery(event: event, routes: ["r"], session: live))
        await handler.stop()
        let records = try TranscriptDatabase(path: place.path()).records(of: "call-17")
        #expect(
            TranscriptFormat.jsonl.lines(of: records) == [
                """
                {"session":"call-17","session_id":"sess_1","time":"2025-12-31T23:59:59.000Z","item_id":"i1","role":"assistant",\
                "text":"Grüße, \\"世界\\" \u{FFFD} 🙂","status":"interrupted","turn":3,"previous_item_id":"i0","response_id":"r1",\
                "out_of_band":true,"response_metadata":{"purpose":"risk"},"phase":"commentary",\
                "content_index":2,"modality":"audio","started_ms":1,"ended_ms":2,"audio_start_ms":3,"audio_end_ms":4,\
                "heard_ms":5,"heard_text":"Grüße, \\"世界\\"","audio_ms":6,"language":"de","confidence":0.25,\
                "segments":[{"speaker":"A","text":"Grüße","audio_start_ms":7,"audio_end_ms":8}],"labels":{"a":"1","b":"2"},"event_id":"e1"}
                """
            ])
        #expect(
            try TranscriptDatabase(path: place.path()).sessions() == [
                ArchivedSession(key: "call-17", sessionID: "sess_1", recordedAt: 1_767_225_599, utterances: 1)
            ])
    }

    @Test func olderSchema_isUpgraded() async throws {
        let place = try Place()
        try await place.record([said("One", item: "u1")])
        try await DatabaseQueue(path: place.path()).write {
            for column in ["segments", "out_of_band", "response_metadata", "phase"] {
                try $0.execute(sql: "ALTER TABLE utterance DROP COLUMN \(column)")
            }
            try $0.execute(sql: "PRAGMA user_version = 1")
        }
        let texts = { try TranscriptDatabase(path: place.path()).records(of: "call-17").map(\.utterance.text) }
        #expect(try texts() == ["One"])
        try await place.record([said("Two", item: "u2")])
        #expect(try texts() == ["One", "Two"])
    }

    /// Every row of every table except the index's own, and the number of writes to the file.
    private func dump(_ place: Place) throws -> [String] {
        try DatabaseQueue(path: place.path()).read { database in
            try ["session", "utterance"].flatMap { table in
                try Row.fetchAll(database, sql: "SELECT * FROM \(table) ORDER BY id").map(\.description)
            }
        }
    }

    @Test func repeatedRecord_changesNothing() async throws {
        let place = try Place()
        let call = [
            said("What's the weather", item: "u1"), said("It's 21 degrees", item: "a1", .assistant),
            said("It's 21", item: "a1", .assistant, status: .interrupted, revision: 1),
            said("Hello", item: "u1", in: "b"),
        ]
        try await place.record(call)
        let first = try dump(place)
        #expect(first.count == 5)
        // The replay starts with the utterance before its correction.
        for length in 1...call.count {
            try await place.record(Array(call.prefix(length)))
            #expect(try dump(place) == first)
        }
        #expect(try place.texts() == ["What's the weather", "It's 21"])
    }

    @Test func incompleteRecord_isCompletedLater() async throws {
        let place = try Place()
        try await place.record([said("I'd like", item: "u1", status: .incomplete)])
        try await place.record([said("I'd like a refund", item: "u1")])
        #expect(try place.texts() == ["I'd like a refund"])
        try await place.record([said("I'd", item: "u1", status: .incomplete)])
        #expect(try place.texts() == ["I'd like a refund"])
        #expect(
            try TranscriptDatabase(path: place.path()).search(#require(SearchQuery(["refund"])), in: nil, limit: 9)
                .count == 1)
    }

    @Test func file_isPrivate() async throws {
        let place = try Place()
        let database = TranscriptDatabase(path: place.path("calls/t.db"))
        try await database.start()
        try await database.record([said("secret", item: "u1")])
        #expect(try place.mode("calls") == 0o700)
        for name in ["t.db", "t.db-wal", "t.db-shm"] { #expect(try place.mode("calls/" + name) == 0o600) }
        await database.stop()
        #expect(try FileManager.default.contentsOfDirectory(atPath: place.path("calls")) == ["t.db"])
    }

    @Test(.timeLimit(.minutes(5))) func concurrentWriters_loseNothing() async throws {
        let place = try Place()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<4 {
                group.addTask { [path = place.path()] in
                    let database = TranscriptDatabase(path: path)
                    try await database.start()
                    for number in 0..<50 {
                        try await database.record([said("word \(number)", item: "u\(number)", in: "call-\(writer)")])
                    }
                    await database.stop()
                }
            }
            try await group.waitForAll()
        }
        #expect(try TranscriptDatabase(path: place.path()).sessions().map(\.utterances) == [50, 50, 50, 50])
    }

    @Test func handler_keepsTheContract() async throws {
        let place = try Place()
        let event = try RealtimeEvent(json: Self.full)
        let folder = place.folder
        let violations = await HandlerContract.violations(events: [event], timeout: .seconds(60)) {
            TranscriptHandler(TranscriptDatabase(path: "\(folder)/\(UUID().uuidString)"))
        }
        #expect(violations == [])
    }
}
