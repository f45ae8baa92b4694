import Synchronization

/// Counts the sessions of a proxy, those included whose server is being dialled, and knows when there is room for another one.
final class SessionSlots: Sendable {
    private struct State {
        var count = 0
        /// Those included whose connections have ended, and whose calls and deliveries have not.
        var unfinished = 0
        /// The sessions of each client that has a token.
        var counts: [String: Int] = [:]
        var isDraining = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let maximum: Int
    private let state = Mutex(State())

    /// - Parameter maximum: the most sessions at a time.
    init(maximum: Int) { self.maximum = maximum }

    /// Takes a place for a session.
    ///
    /// - Parameter client: the client that has a token, if clients have.
    /// - Returns: why there is none; nil if it is taken.
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

    /// Gives a place back: its connections have ended.
    func release(_ client: ProxyClient?) {
        state.withLock { state in
            state.count -= 1
            if let client { state.counts[client.name, default: 1] -= 1 }
        }
    }

    /// Says that nothing of a session is under way any more.
    func finish() {
        let waiting = state.withLock { state in
            state.unfinished -= 1
            guard state.isDraining, state.unfinished == 0 else { return [CheckedContinuation<Void, Never>]() }
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }

    /// Gives no place any more, and waits until nothing of any session is under way.
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
