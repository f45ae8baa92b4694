import EventJSON
import RecordFiles

/// The line with which a recording begins: `{"recording": 1, "session": KEY, "started": TIME, "labels": {…}}`.
struct RecordingHeader {
    /// The most bytes that such a line may have.
    private static let maximumBytes = 64 * 1024

    /// When the recording began, in seconds since 1970, where the line says it.
    let started: Double?
    let labels: [SessionLabel]

    /// Returns nil if the line is something else.
    init?(_ line: RawSpan) {
        guard line.byteCount <= Self.maximumBytes, let object = try? JSONValue(parsing: line).object,
            object["type"] == nil, case .number = object["recording"]
        else { return nil }
        started = object["started"]?.string.flatMap { Timestamp($0)?.unix }
        labels = (object[SessionLabel.field]?.object ?? [:]).compactMap { name, value in
            value.string.map { SessionLabel(name, $0) }
        }
    }
}
