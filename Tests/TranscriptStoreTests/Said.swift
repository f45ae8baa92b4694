import EventRouter
import Foundation
import RealtimeEvents
import RouterTesting
import Testing
import TranscriptStore
import Transcripts

/// A record of an utterance.
func said(
    _ text: String, item: String, _ role: UtteranceRole = .user, in session: String = "call-17",
    status: UtteranceStatus = .completed, revision: Int = 0
) -> TranscriptRecord {
    var utterance = Utterance()
    utterance.itemID = item
    utterance.contentIndex = 0
    utterance.role = role
    utterance.text = text
    utterance.status = status
    utterance.sequence = revision > 0 ? revision : nil
    utterance.head.eventID = "\(item)/done"
    return TranscriptRecord(utterance: utterance, isRevised: revision > 0, session: session, sessionID: "sess_1")
}

/// A database in a folder that is removed after the test.
final class Place {
    let folder: String

    init() throws {
        var template = Array("/tmp/transcript-store-tests-XXXXXX".utf8CString)
        folder = String(cString: try #require(mkdtemp(&template)))
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func path(_ name: String = "t.db") -> String { folder + "/" + name }

    /// Writes records to the database.
    func record(_ records: [TranscriptRecord], _ name: String = "t.db") async throws {
        let database = TranscriptDatabase(path: path(name), clock: ManualClock())
        try await database.start()
        try await database.record(records)
        await database.stop()
    }

    /// The database's records of a session.
    func texts(_ session: String = "call-17") throws -> [String] {
        try TranscriptDatabase(path: path()).records(of: session).map { $0.utterance.text ?? "" }
    }

    func mode(_ name: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path(name))[.posixPermissions] as? Int
    }
}
