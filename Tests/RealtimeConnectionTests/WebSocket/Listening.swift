import NIOCore
import Synchronization

@testable import RealtimeConnection

/// A receiver that keeps what it gets, for tests to wait for.
final class Inbox: WebSocketReceiver {
    private struct State {
        var socket: WebSocket?
        var messages: [String] = []
        var end: WebSocketEnd?
        /// How many messages are taken before the others are refused.
        var room = Int.max
        var waiting: [(isMet: @Sendable (borrowing State) -> Bool, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private let state = Mutex(State())
    private let greeting: String?

    init(greeting: String? = nil, room: Int = .max) {
        self.greeting = greeting
        state.withLock { $0.room = room }
    }

    func opened(_ socket: WebSocket) {
        if let greeting { socket.post(ByteBuffer(string: greeting)) }
        change { $0.socket = socket }
    }

    func receive(_ message: ByteBuffer, isText: Bool) -> Bool {
        change { state in
            guard state.messages.count < state.room else { return false }
            state.messages.append(String(buffer: message))
            return true
        }
    }

    func ended(_ end: WebSocketEnd) { change { $0.end = end } }

    /// Takes more.
    func makeRoom() {
        let socket = change { state in
            state.room = .max
            return state.socket
        }
        socket?.resumeReading()
    }

    var messages: [String] { state.withLock { $0.messages } }
    var end: WebSocketEnd? { state.withLock { $0.end } }
    var isOpened: Bool { state.withLock { $0.socket != nil } }

    /// Waits for a number of messages.
    func messages(_ count: Int) async -> [String] {
        await wait { $0.messages.count >= count || $0.end != nil }
        return messages
    }

    /// Waits for the end.
    func waitForEnd() async -> WebSocketEnd {
        await wait { $0.end != nil }
        return end!
    }

    /// Waits for the connection.
    func opened() async -> WebSocket {
        await wait { $0.socket != nil }
        return state.withLock { $0.socket! }
    }

    private func wait(_ isMet: @escaping @Sendable (borrowing State) -> Bool) async {
        await withCheckedContinuation { continuation in
            let isMet = state.withLock { state in
                if isMet(state) { return true }
                state.waiting.append((isMet, continuation))
                return false
            }
            if isMet { continuation.resume() }
        }
    }

    @discardableResult
    private func change<Value: Sendable>(_ body: (inout State) -> Value) -> Value {
        let (value, met) = state.withLock { state -> (Value, [CheckedContinuation<Void, Never>]) in
            let value = body(&state)
            var met: [CheckedContinuation<Void, Never>] = []
            var left: [(@Sendable (borrowing State) -> Bool, CheckedContinuation<Void, Never>)] = []
            for (isMet, continuation) in state.waiting {
                if isMet(state) { met.append(continuation) } else { left.append((isMet, continuation)) }
            }
            state.waiting = left
            return (value, met)
        }
        for continuation in met { continuation.resume() }
        return value
    }
}

/// The threads that all tests share.
let threads = ConnectionThreads(count: 2)
