import RealtimeEvents
import Synchronization

/// One run of a source: the sessions that it opens, and what they come to.
final class SourceRun: Sendable {
    private struct State {
        var sessions: [ObjectIdentifier: AttachedSession] = [:]
        var hasOpened = false
        var isCancelled = false
        var reader: Task<Void, any Error>?
        /// Whether nobody wants more of the source: its only session has failed.
        var isUnwanted = false
        var report: RunReport?
        var parts: [RunReport] = []
    }

    /// Of so many sessions it is kept what each came to.
    private static let keptParts = 1000

    /// Makes a session; the closure is called at its end.
    typealias Attaching =
        @Sendable (SessionDescription, @escaping @Sendable (AttachedSession) -> Void) throws -> AttachedSession

    private let attach: Attaching
    private let labels: [SessionLabel]
    private let state = Mutex(State())

    init(labels: [SessionLabel], attach: @escaping Attaching) {
        self.labels = labels
        self.attach = attach
    }

    var hasOpened: Bool { state.withLock { $0.hasOpened } }

    /// What the run came to.
    var report: RunReport {
        state.withLock { state in
            var report = state.report ?? RunReport()
            if state.parts.count > 1 {
                report.parts = state.parts
                report.session = nil
            }
            return report
        }
    }

    func open(_ session: SessionDescription) throws -> AttachedSession {
        var description = session
        let names = Set(labels.map(\.name))
        description.labels = session.labels.filter { !names.contains($0.name) } + labels
        let attached = try attach(description, ended)
        let isCancelled = state.withLock { state in
            state.hasOpened = true
            // It may be over already.
            if !attached.isOver { state.sessions[ObjectIdentifier(attached)] = attached }
            return state.isCancelled
        }
        if isCancelled { Self.cancel(attached) }
        return attached
    }

    private func ended(_ session: AttachedSession) {
        let part = session.report
        let reader = state.withLock { state in
            state.sessions[ObjectIdentifier(session)] = nil
            add(part, &state)
            if part.failure != nil, state.sessions.isEmpty { state.isUnwanted = true }
            return state.isUnwanted ? state.reader : nil
        }
        reader?.cancel()
    }

    private func add(_ part: RunReport, _ state: inout State) {
        if state.report == nil { state.report = part } else { state.report?.add(part) }
        guard !part.isEmpty else { return }
        if state.parts.count == Self.keptParts { state.parts.removeFirst() }
        state.parts.append(part)
    }

    /// The source runs in a task.
    func begin(_ reader: Task<Void, any Error>) {
        let isUnwanted = state.withLock { state in
            state.reader = reader
            return state.isUnwanted
        }
        if isUnwanted { reader.cancel() }
    }

    /// Ends the sessions that are open, and waits for them.
    func end(_ result: Result<Void, any Error>) async {
        var end = SourceEnd()
        if case .failure(let error) = result { end.failure = error }
        let sessions = state.withLock { Array($0.sessions.values) }
        for session in sessions { session.end(end) }
        for session in sessions { await session.waitForEnd() }
    }

    /// Ends the sessions now: calls and handlers are cancelled.
    func cancel() {
        let sessions = state.withLock { state in
            state.isCancelled = true
            return Array(state.sessions.values)
        }
        for session in sessions { Self.cancel(session) }
    }

    private static func cancel(_ session: AttachedSession) {
        session.control.stop()
        session.control.expire()
    }
}
