import RealtimeRouter
import Synchronization

/// Collects the events derived from one line, for the error message if the requested event does not exist.
final class DerivedEventsAtLine: DispatchObserver {
    private let position: EventPosition
    private let derived = Mutex<[String]>([])

    init(_ position: EventPosition) {
        self.position = position
    }

    func observe(_ dispatch: Dispatch, event: RawSpan, line: RawSpan) {
        guard dispatch.position.line == position.line, dispatch.position.derived > 0 else { return }
        derived.withLock { $0.append("\(dispatch.position) (\(dispatch.type))") }
    }

    /// The message that the requested event does not exist, with the reason.
    ///
    /// - Parameters:
    ///   - session: the session's path, which is read again. Standard input cannot be read again, so its message is shorter.
    ///   - maxEventBytes: the maximum length of an event's line.
    func absence(in session: String, maxEventBytes: Int) async throws -> String {
        let what = "there is no event \(position) in \(session == "-" ? "standard input" : session): "
        guard position.derived == 0 else { return what + absenceOfDerived }
        guard session != "-" else { return what + "there is no event of the server in line \(position.line)" }
        let source = try RecordedSession(path: session, maxEventBytes: maxEventBytes)
        var last = 0
        while let batch = try await source.nextBatch() {
            for line in batch.lines {
                if line.number == position.line { return what + Self.reason(line, in: batch) }
                if line.number > position.line { return what + "line \(position.line) is empty" }
                last = line.number
            }
        }
        return what + (last == 0 ? "it is empty" : "its last line is \(last)")
    }

    private var absenceOfDerived: String {
        let existing = derived.withLock { $0 }
        let none = "line \(position.line) derives none that a route could match"
        return existing.isEmpty ? none : "line \(position.line) derives " + existing.joined(separator: ", ")
    }

    private static func reason(_ line: EventBatch.Line, in batch: EventBatch) -> String {
        guard line.length == line.range.count else { return "line \(line.number) is longer than an event may be" }
        do {
            let value = try JSONValue(parsing: batch.bytes.span.bytes.extracting(line.range))
            guard value.object != nil else { return "line \(line.number) is not a JSON object" }
            if value["type"] == nil, value["recording"] != nil {
                return "line \(line.number) is the recording's header"
            }
            if value["type"] == nil, value["event"] == nil {
                return "line \(line.number) is a record about the connection"
            }
            if value["direction"]?.string == "client" {
                return value["sender"]?.string == "router"
                    ? "line \(line.number) is what the router sent, and no route takes that"
                    : "line \(line.number) is the client's, and no route has `direction: client`"
            }
            return "line \(line.number) is of another direction than `server` and `client`"
        } catch {
            return "line \(line.number) is no event: \(error)"
        }
    }
}

/// A session of a file: the file's only session, or one of the sessions that its lines name.
struct SessionInput {
    /// The session's key, as in a run.
    let key: String
    let source: any SessionSource
    /// The numbers of the session's lines; nil for all lines of the file.
    let lineNumbers: [Int]?

    /// The sessions in a file, in the order in which they begin; at least one.
    ///
    /// - Parameters:
    ///   - path: the file, or `-` for standard input, which is read to its end.
    ///   - maxEventBytes: the maximum length of an event's line; nil for the default.
    /// - Throws: `FileFailure` if the file cannot be read.
    static func all(in path: String, maxEventBytes: Int? = nil) async throws -> [SessionInput] {
        let session =
            try maxEventBytes.map { try RecordedSession(path: path, maxEventBytes: $0) } ?? RecordedSession(path: path)
        guard let parts = try await session.parts() else {
            return [SessionInput(key: session.key, source: session, lineNumbers: nil)]
        }
        return parts.map { SessionInput(key: $0.key, source: $0, lineNumbers: $0.lineNumbers) }
    }
}
