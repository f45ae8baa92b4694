import RealtimeRouter
import Synchronization

/// Looks on for the events of one line, so that whoever asks for one that is not there hears what is.
final class EventAtLine: DispatchObserver {
    private let asked: EventPosition
    private let derived = Mutex<[String]>([])

    init(_ asked: EventPosition) {
        self.asked = asked
    }

    func observe(_ dispatch: Dispatch, event: RawSpan, line: RawSpan) {
        guard dispatch.position.line == asked.line, dispatch.position.derived > 0 else { return }
        derived.withLock { $0.append("\(dispatch.position) (\(dispatch.type))") }
    }

    /// Why the event that was asked for is not there.
    ///
    /// - Parameters:
    ///   - session: the session's path; what has gone by on standard input is not there any more.
    ///   - maxEventBytes: a longer line is no event.
    func absence(in session: String, maxEventBytes: Int) async throws -> String {
        let what = "there is no event \(asked) in \(session == "-" ? "standard input" : session): "
        guard asked.derived == 0 else { return what + absenceOfDerived }
        guard session != "-" else { return what + "no event of the server stands in line \(asked.line)" }
        let source = try RecordedSession(path: session, maxEventBytes: maxEventBytes)
        var last = 0
        while let batch = try await source.nextBatch() {
            for line in batch.lines {
                if line.number == asked.line { return what + Self.reason(line, in: batch) }
                if line.number > asked.line { return what + "line \(asked.line) is empty" }
                last = line.number
            }
        }
        return what + (last == 0 ? "it is empty" : "its last line is \(last)")
    }

    private var absenceOfDerived: String {
        let there = derived.withLock { $0 }
        let none = "line \(asked.line) derives none that a route could match"
        return there.isEmpty ? none : "line \(asked.line) derives " + there.joined(separator: ", ")
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
                return "line \(line.number) says what became of the connection"
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

/// A session to show: the file's own, or one of those that its lines name.
struct SessionInput {
    /// The key that a run gives the session.
    let key: String
    let source: any SessionSource
    /// The numbers of the session's lines; nil for all of the file.
    let lineNumbers: [Int]?

    /// The sessions in a file, in the order in which they begin; at least one.
    ///
    /// - Parameters:
    ///   - path: the file, or `-` for standard input, which is read to its end.
    ///   - maxEventBytes: a longer line is no event; nil for the default.
    /// - Throws: `FileFailure` when it cannot be read.
    static func all(in path: String, maxEventBytes: Int? = nil) async throws -> [SessionInput] {
        let session =
            try maxEventBytes.map { try RecordedSession(path: path, maxEventBytes: $0) } ?? RecordedSession(path: path)
        guard let parts = try await session.parts() else {
            return [SessionInput(key: session.key, source: session, lineNumbers: nil)]
        }
        return parts.map { SessionInput(key: $0.key, source: $0, lineNumbers: $0.lineNumbers) }
    }
}
