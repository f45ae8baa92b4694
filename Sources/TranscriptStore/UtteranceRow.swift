import EventJSON
import EventRouter
import GRDB
import RealtimeEvents
import Transcripts

/// Converts utterances to database rows and back.
enum UtteranceRow {
    /// The columns of an utterance with their values.
    private static let columns:
        [(name: String, value: @Sendable (TranscriptRecord) -> (any DatabaseValueConvertible)?)] = [
            ("time", { $0.time }),
            ("event_id", { $0.utterance.head.eventID }),
            ("turn", { $0.utterance.head.turn }),
            ("labels", { $0.utterance.head.labels.map(text) }),
            ("role", { $0.utterance.role?.rawValue }),
            // SQLite would end the text at a NUL character.
            ("text", { ($0.utterance.text ?? "").replacing("\0", with: "\u{FFFD}") }),
            ("status", { $0.utterance.status?.rawValue }),
            ("modality", { $0.utterance.modality?.rawValue }),
            ("previous_item_id", { $0.utterance.previousItemID }),
            ("response_id", { $0.utterance.responseID }),
            ("started_ms", { $0.utterance.startedMs }),
            ("ended_ms", { $0.utterance.endedMs }),
            ("audio_start_ms", { $0.utterance.audioStartMs }),
            ("audio_end_ms", { $0.utterance.audioEndMs }),
            ("heard_ms", { $0.utterance.heardMs }),
            ("audio_ms", { $0.utterance.audioMs }),
            ("language", { $0.utterance.language }),
            ("confidence", { $0.utterance.confidence }),
            ("out_of_band", { $0.utterance.outOfBand }),
            ("response_metadata", { $0.utterance.responseMetadata.map(\.description) }),
            ("phase", { $0.utterance.phase?.rawValue }),
            ("segments", { $0.utterance.segments.map { JSONValue.array($0.map(\.json)).description } }),
        ]

    private static let sessionSQL = """
        INSERT INTO session (key, server_id, recorded_at) VALUES (?, ?, ?)
        ON CONFLICT (key) DO UPDATE SET server_id = excluded.server_id
        WHERE server_id IS NULL AND excluded.server_id IS NOT NULL
        """

    /// Inserts an utterance, or updates its row if the new revision is later or has other values. Changes nothing if
    /// all values are equal, or if the new utterance is only incomplete where the stored one is not: a replay may break
    /// off earlier.
    private static let utteranceSQL: String = {
        let names = columns.map(\.name).joined(separator: ", ")
        let updatedColumns = columns.dropFirst().map(\.name)
        return """
            INSERT INTO utterance (session, item_id, content_index, revision, recorded_at, \(names))
            VALUES ((SELECT id FROM session WHERE key = ?)\(String(repeating: ", ?", count: 4 + columns.count)))
            ON CONFLICT (session, item_id, content_index) DO UPDATE SET
                \((["revision"] + updatedColumns).map { "\($0) = excluded.\($0)" }.joined(separator: ", "))
            WHERE excluded.revision > revision OR (
                excluded.revision = revision AND (excluded.status IS NOT 'incomplete' OR status IS 'incomplete')
                AND (\(updatedColumns.map { "excluded.\($0)" }.joined(separator: ", "))) IS NOT (\(updatedColumns.joined(separator: ", "))))
            """
    }()

    /// Inserts or updates a record.
    static func write(_ record: TranscriptRecord, at now: Double, _ database: Database) throws {
        try database.cachedStatement(sql: sessionSQL).execute(arguments: [record.session, record.sessionID, now])
        let utterance = record.utterance
        // An utterance without an item is identified by its event.
        let identity = utterance.itemID ?? utterance.head.eventID ?? ""
        let revision = record.isRevised ? max(1, utterance.sequence ?? 1) : 0
        let head: [(any DatabaseValueConvertible)?] = [
            record.session, identity, utterance.contentIndex ?? 0, revision, now,
        ]
        let statement = try database.cachedStatement(sql: utteranceSQL)
        try statement.execute(arguments: StatementArguments(head + columns.map { $0.value(record) }))
    }

    /// The record in a row of `utterance` joined with `session`.
    static func record(_ row: Row) -> TranscriptRecord {
        var utterance = Utterance()
        utterance.head.eventID = row["event_id"]
        utterance.head.turn = row["turn"]
        utterance.head.labels = (row["labels"] as String?).flatMap(labels)
        utterance.itemID = row["item_id"]
        utterance.contentIndex = row["content_index"]
        utterance.role = (row["role"] as String?).map(UtteranceRole.init(rawValue:))
        utterance.text = row["text"]
        utterance.status = (row["status"] as String?).map(UtteranceStatus.init(rawValue:))
        utterance.modality = (row["modality"] as String?).map(UtteranceModality.init(rawValue:))
        utterance.previousItemID = row["previous_item_id"]
        utterance.responseID = row["response_id"]
        utterance.startedMs = row["started_ms"]
        utterance.endedMs = row["ended_ms"]
        utterance.audioStartMs = row["audio_start_ms"]
        utterance.audioEndMs = row["audio_end_ms"]
        utterance.heardMs = row["heard_ms"]
        utterance.audioMs = row["audio_ms"]
        if utterance.role != .user {
            // Computed rather than stored: it follows from other columns.
            utterance.heardText = Utterance.heardText(
                of: utterance.text ?? "", heardMs: utterance.heardMs, audioMs: utterance.audioMs)
        }
        utterance.language = row["language"]
        utterance.confidence = row["confidence"]
        utterance.segments = (row["segments"] as String?).flatMap(segments)
        utterance.outOfBand = row["out_of_band"]
        utterance.responseMetadata = (row["response_metadata"] as String?).flatMap { try? JSONValue(parsing: $0) }
        utterance.phase = (row["phase"] as String?).map(ItemPhase.init(rawValue:))
        let revision: Int = row["revision"]
        return TranscriptRecord(
            utterance: utterance, isRevised: revision > 0, session: row["key"], sessionID: row["server_id"],
            time: row["time"])
    }

    private static func text(_ labels: [String: String]) -> String {
        JSONValue.object(
            labels.sorted { $0.key < $1.key }.reduce(into: JSONObject()) { $0[$1.key] = .string($1.value) }
        ).description
    }

    private static func segments(_ text: String) -> [UtteranceSegment]? {
        (try? JSONValue(parsing: text).array)?.compactMap { UtteranceSegment(json: $0) }
    }

    private static func labels(_ text: String) -> [String: String]? {
        guard let object = try? JSONValue(parsing: text).object else { return nil }
        return object.reduce(into: [:]) { $0[$1.key] = $1.value.string }
    }
}
