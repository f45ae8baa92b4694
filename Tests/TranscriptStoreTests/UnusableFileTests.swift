import EventRouter
import Foundation
import GRDB
import RouterTesting
import Testing
import TranscriptStore

/// Files that are not our database are refused with a reason and left unchanged.
@Suite struct UnusableFileTests {
    private func starting(_ path: String) async -> String {
        do {
            try await TranscriptDatabase(path: path).start()
            return "started"
        } catch { return "\(error)" }
    }

    private func reading(_ path: String) -> String {
        do { return "\(try TranscriptDatabase(path: path).sessions())" } catch { return "\(error)" }
    }

    @Test func databaseOfAnotherProgram_isRejected() async throws {
        let place = try Place()
        let path = place.path("other.db")
        try await DatabaseQueue(path: path).write {
            try $0.execute(sql: "CREATE TABLE mine (a); INSERT INTO mine VALUES (1)")
        }
        let bytes = try Data(contentsOf: URL(filePath: path))
        let reason = "cannot use \(path): it is a database of another program"
        #expect(await starting(path) == reason)
        #expect(reading(path) == reason)
        #expect(try Data(contentsOf: URL(filePath: path)) == bytes)
    }

    @Test func databaseOfAnotherVersion_isRejected() async throws {
        let place = try Place()
        try await place.record([said("Hi", item: "u1")])
        try await DatabaseQueue(path: place.path()).write { try $0.execute(sql: "PRAGMA user_version = 4") }
        #expect(await starting(place.path()) == "cannot use \(place.path()): another version of this program made it")
    }

    @Test func fileThatIsNoDatabase_isRejected() async throws {
        let place = try Place()
        let text = Data(String(repeating: "What's the weather in Lisbon? ", count: 200).utf8)
        try text.write(to: URL(filePath: place.path()))
        #expect(await starting(place.path()) == "\(place.path()) is no database, or a damaged one")
        #expect(reading(place.path()) == "\(place.path()) is no database, or a damaged one")
        #expect(try Data(contentsOf: URL(filePath: place.path())) == text)
    }

    @Test func missingFile_isReported() async throws {
        let place = try Place()
        #expect(reading(place.path()) == "there is no database \(place.path())")
        try Data().write(to: URL(filePath: place.path()))
        #expect(reading(place.path()) == "\(place.path()) is an empty database")
        #expect(await starting(place.folder) == "cannot write \(place.folder): it is a folder")
        try FileManager.default.createSymbolicLink(atPath: place.path("link"), withDestinationPath: place.path("else"))
        #expect(
            await starting(place.path("link"))
                == "cannot write \(place.path("link")): it is a symbolic link, which is not followed")
        #expect(!FileManager.default.fileExists(atPath: place.path("else")))
    }
}
