import EventJSON
import EventRouter
import GRDB
import RealtimeEvents
import Transcripts

/// An utterance as a row, and a row as an utterance.
enum UtteranceRow {
    /// The columns that an utterance fills, with the values that they get.
    private static let columns:
        [(name: String, value: @Sendable (TranscriptRecord) -> (any DatabaseValueConvertible)?)] = [
            ("time", { $0.time }),
            ("event_id", { $0.utterance.head.eventID }),
            ("turn", { $0.utterance.head.turn }),
            ("labels", { $0.utterance.head.labels.map(text) }),
            ("role", { $0.utterance.role?.rawValue }),
            // SQLite takes the character 0 for the end of a text.
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

    /// A row is written where there is none yet, and changed by what is newer. The same once more changes nothing, and
    /// neither does an utterance that only broke off earlier this time.
    private static let utteranceSQL: String = {
        let names = columns.map(\.name).joined(separator: ", ")
        let news = columns.dropFirst().map(\.name)
        return """
            INSERT INTO utterance (session, item_id, content_index, revision, recorded_at, \(names))
            VALUES ((SELECT id FROM session WHERE key = ?)\(String(repeating: ", ?", count: 4 + columns.count)))
            ON CONFLICT (session, item_id, content_index) DO UPDATE SET
                \((["revision"] + news).map { "\($0) = excluded.\($0)" }.joined(separator: ", "))
            WHERE excluded.revision > revision OR (
                excluded.revision = revision AND (excluded.status IS NOT 'incomplete' OR status IS 'incomplete')
                AND (\(news.map { "excluded.\($0)" }.joined(separator: ", "))) IS NOT (\(news.joined(separator: ", "))))
            """
    }()

    /// Puts a record into its place.
    static func write(_ record: TranscriptRecord, at now: Double, _ database: Database) throws {
        try database.cachedStatement(sql: sessionSQL).execute(arguments: [record.session, record.sessionID, now])
        let utterance = record.utterance
        // What has no item is told from others by its event.
        let identity = utterance.itemID ?? utterance.head.eventID ?? ""
        let revision = record.isRevised ? max(1, utterance.sequence ?? 1) : 0
        let head: [(any DatabaseValueConvertible)?] = [
            record.session, identity, utterance.contentIndex ?? 0, revision, now,
        ]
        let statement = try database.cachedStatement(sql: utteranceSQL)
        try statement.execute(arguments: StatementArguments(head + columns.map { $0.value(record) }))
    }

    /// The record that a row of `utterance` and `session` holds.
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
            // No column of its own: it follows from those that there are.
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
