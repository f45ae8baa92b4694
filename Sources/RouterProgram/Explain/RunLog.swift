import RealtimeRouter

/// The lost deliveries of a run, read from its log (`run --log`).
///
/// Keeps only the lost deliveries in memory, and counts the others, because the log of a long run can be large.
struct RunLog: Sendable {
    /// The event of a delivery. The position alone is ambiguous: in the run, calls were run and derived events that `explain`
    /// does not see.
    private struct Key: Hashable {
        var position: String
        var type: String
    }

    private var losses: [Key: [String: DispatchRecord.Outcome]] = [:]
    /// The number of deliveries by route and outcome.
    private var outcomes: [String: [DispatchRecord.Outcome: Int]] = [:]
    private var hasRecords = false
    private var fingerprint: String?
    private let requested: EventPosition?
    /// The types of the events that the log has at the requested position.
    private(set) var typesAtRequested: [String] = []

    /// Reads the last run of a session. Prints a warning and returns nil if the log does not have the session.
    ///
    /// - Parameter requested: the position for ``typesAtRequested``.
    /// - Throws: `FileFailure` if the file cannot be read.
    static func read(
        _ path: String, session: String, _ routes: SourceFile, requested: EventPosition? = nil
    ) async throws -> RunLog? {
        let source = try RecordedSession(path: path)
        var log = RunLog(requested: requested)
        // A run replaces an earlier run at its first record of this session. Runs of other sessions may follow.
        var next: RunLog? = nil
        while let batch = try await source.nextBatch() {
            for line in batch.lines {
                guard let record = try? JSONValue(parsing: batch.bytes.span.bytes.extracting(line.range)) else {
                    continue
                }
                if let fingerprint = record["routes_fingerprint"]?.string {
                    next = RunLog(fingerprint: fingerprint, requested: requested)
                } else if record["session"]?.string == session {
                    if let run = next { log = run }
                    next = nil
                    log.add(record)
                }
            }
        }
        guard log.hasRecords else {
            Terminal.warning("\(path) has no records of the session \(quoted(session))")
            return nil
        }
        log.warn(path, routes)
        return log
    }

    private init(fingerprint: String? = nil, requested: EventPosition?) {
        self.fingerprint = fingerprint
        self.requested = requested
    }

    private mutating func add(_ record: JSONValue) {
        guard let position = record["position"]?.string, let type = record["type"]?.string,
            let handler = record["handler"]?.string,
            let outcome = record["outcome"]?.string.flatMap(DispatchRecord.Outcome.init)
        else { return }
        hasRecords = true
        if position == requested?.description, !typesAtRequested.contains(type) { typesAtRequested.append(type) }
        if outcome != .delivered { losses[Key(position: position, type: type), default: [:]][handler] = outcome }
        let routes = record["routes"]?.array?.compactMap(\.string) ?? record["route"]?.string.map { [$0] } ?? []
        for route in routes { outcomes[route, default: [:]][outcome, default: 0] += 1 }
    }

    private func warn(_ path: String, _ routes: SourceFile) {
        if let fingerprint, fingerprint != routes.fingerprint {
            Terminal.warning("\(path) is from a run with a different \(routes.path), so its routes may differ")
        } else if fingerprint == nil {
            Terminal.warning("\(path) does not name the rules of its run, which may differ from \(routes.path)")
        }
    }

    /// Why a delivery was lost; nil if it was delivered, or if the log does not have it.
    func loss(of event: RealtimeEvent, at handler: String) -> DispatchRecord.Outcome? {
        losses[Key(position: event.position.description, type: event.type.name)]?[handler]
    }

    /// The number of the route's deliveries with this outcome.
    func count(_ outcome: DispatchRecord.Outcome, _ route: String) -> Int { outcomes[route]?[outcome] ?? 0 }
}
