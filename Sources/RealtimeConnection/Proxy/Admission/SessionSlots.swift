import Synchronization

/// Limits the number of concurrent sessions, including those that are still connecting to the server.
final class SessionSlots: Sendable {
    private struct State {
        var count = 0
        /// Like `count`, plus the sessions whose connections have ended but whose calls and deliveries have not.
        var unfinished = 0
        /// The number of sessions per client, for clients with a token.
        var counts: [String: Int] = [:]
        var isDraining = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let maximum: Int
    private let state = Mutex(State())

    /// - Parameter maximum: the maximum number of concurrent sessions.
    init(maximum: Int) { self.maximum = maximum }

    /// Acquires a slot for a session.
    ///
    /// - Parameter client: the client, if clients have tokens; otherwise nil.
    /// - Returns: the refusal if there is no free slot; nil on success.
    func acquire(_ client: ProxyClient?) -> HandshakeAnswer? {
        state.withLock { state in
            guard !state.isDraining else { return Self.refuse(503, "this proxy is shutting down") }
            guard state.count < maximum else { return Self.refuse(503, "too many sessions") }
            if let client {
                let count = state.counts[client.name, default: 0]
                if let limit = client.maximumSessions, count >= limit {
                    return Self.refuse(429, "too many sessions of this token")
                }
                state.counts[client.name] = count + 1
            }
            state.count += 1
            state.unfinished += 1
            return nil
        }
    }

    /// Releases a slot, because the session's connections have ended.
    func release(_ client: ProxyClient?) {
        state.withLock { state in
            state.count -= 1
            if let client { state.counts[client.name, default: 1] -= 1 }
        }
    }

    /// Records that all calls and deliveries of a session have ended. Call it once after each ``release(_:)``.
    func finish() {
        let waiting = state.withLock { state in
            state.unfinished -= 1
            guard state.isDraining, state.unfinished == 0 else { return [CheckedContinuation<Void, Never>]() }
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }

    /// Refuses new sessions, and waits until all calls and deliveries of all sessions have ended.
    func drain() async {
        await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                state.isDraining = true
                if state.unfinished > 0 { state.waiting.append(continuation) }
                return state.unfinished == 0
            }
            if isOver { continuation.resume() }
        }
    }

    private static func refuse(_ status: Int, _ text: String) -> HandshakeAnswer {
        .refuse(
            status: status, headers: [("retry-after", "5"), ("content-type", "text/plain; charset=utf-8")],
            body: Array("\(text)\n".utf8))
    }
}
