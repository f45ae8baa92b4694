import RealtimeRouter

/// What the log of a run (`run --log`) says of deliveries that did not arrive.
///
/// Only these are kept, so that the log of a long night fits.
struct RunLog: Sendable {
    /// The event of a delivery: its place, and its type, since calls that really ran derive events that a dry run does not see.
    private struct Key: Hashable {
        var position: String
        var type: String
    }

    private var losses: [Key: [String: DispatchRecord.Outcome]] = [:]
    /// For each route how its deliveries ended.
    private var outcomes: [String: [DispatchRecord.Outcome: Int]] = [:]
    private var hasRecords = false
    private var fingerprint: String?
    private let asked: EventPosition?
    /// The types of the events that the log has at the position that somebody asks about.
    private(set) var typesAtAsked: [String] = []

    /// Reads the last run of a session; nil, with a warning, when the log says nothing of it.
    ///
    /// - Parameter asked: the position that somebody asks about, of which the log keeps what came there.
    /// - Throws: `FileFailure` when the file cannot be read.
    static func read(
        _ path: String, session: String, _ routes: SourceFile, asked: EventPosition? = nil
    ) async throws -> RunLog? {
        let source = try RecordedSession(path: path)
        var log = RunLog(asked: asked)
        // A run is taken up when its first record of this session comes: the file may end with runs of others.
        var next: RunLog? = nil
        while let batch = try await source.nextBatch() {
            for line in batch.lines {
                guard let record = try? JSONValue(parsing: batch.bytes.span.bytes.extracting(line.range)) else {
                    continue
                }
                if let fingerprint = record["routes_fingerprint"]?.string {
                    next = RunLog(fingerprint: fingerprint, asked: asked)
                } else if record["session"]?.string == session {
                    if let run = next { log = run }
                    next = nil
                    log.add(record)
                }
            }
        }
        guard log.hasRecords else {
            Terminal.warning("\(path) says nothing of the session \(quoted(session))")
            return nil
        }
        log.warn(path, routes)
        return log
    }

    private init(fingerprint: String? = nil, asked: EventPosition?) {
        self.fingerprint = fingerprint
        self.asked = asked
    }

    private mutating func add(_ record: JSONValue) {
        guard let position = record["position"]?.string, let type = record["type"]?.string,
            let handler = record["handler"]?.string,
            let outcome = record["outcome"]?.string.flatMap(DispatchRecord.Outcome.init)
        else { return }
        hasRecords = true
        if position == asked?.description, !typesAtAsked.contains(type) { typesAtAsked.append(type) }
        if outcome != .delivered { losses[Key(position: position, type: type), default: [:]][handler] = outcome }
        let routes = record["routes"]?.array?.compactMap(\.string) ?? record["route"]?.string.map { [$0] } ?? []
        for route in routes { outcomes[route, default: [:]][outcome, default: 0] += 1 }
    }

    private func warn(_ path: String, _ routes: SourceFile) {
        if let fingerprint, fingerprint != routes.fingerprint {
            Terminal.warning("\(path) is of a run with another \(routes.path): its routes were not quite these")
        } else if fingerprint == nil {
            Terminal.warning("\(path) does not say by which rules it was made: they may not be those of \(routes.path)")
        }
    }

    /// How a delivery failed to arrive; nil when it arrived, or the log does not know.
    func loss(of event: RealtimeEvent, at handler: String) -> DispatchRecord.Outcome? {
        losses[Key(position: event.position.description, type: event.type.name)]?[handler]
    }

    /// How often the deliveries of a route ended so.
    func count(_ outcome: DispatchRecord.Outcome, _ route: String) -> Int { outcomes[route]?[outcome] ?? 0 }
}
