import EventJSON
import Logging
import NIOCore
import Synchronization

@testable import RealtimeConnection

/// A Realtime server for tests: each connection is served by a function.
final class RealtimePeer: Sendable {
    /// A connection of a client.
    final class Connection: WebSocketReceiver {
        let request: HandshakeRequest
        private let messages: AsyncStream<String>
        private let feed: AsyncStream<String>.Continuation
        private let socket = Mutex<WebSocket?>(nil)
        private let serve: @Sendable (Connection) async -> Void

        init(_ request: HandshakeRequest, _ serve: @escaping @Sendable (Connection) async -> Void) {
            self.request = request
            self.serve = serve
            (messages, feed) = AsyncStream.makeStream()
        }

        func opened(_ socket: WebSocket) {
            self.socket.withLock { $0 = socket }
            Task { await serve(self) }
        }

        func receive(_ message: ByteBuffer, isText: Bool) -> Bool {
            feed.yield(String(buffer: message))
            return true
        }

        func ended(_ end: WebSocketEnd) { feed.finish() }

        func send(_ text: String) async { await socket.withLock { $0 }?.send(Array(text.utf8)) }

        /// The next event of the client; nil at the end.
        func event() async -> JSONValue? {
            for await text in messages { return try? JSONValue(parsing: text) }
            return nil
        }

        /// The next event of the client of a type; nil at the end.
        func event(_ type: String) async -> JSONValue? {
            while let event = await event() {
                if event["type"]?.string == type { return event }
            }
            return nil
        }

        func close(_ code: UInt16 = 1000, _ reason: String = "") {
            socket.withLock { $0 }?.close(code: code, reason: reason)
        }

        /// Ends the connection without a close frame, behind what was sent.
        func drop() { socket.withLock { $0 }?.abort() }
    }

    private final class Seen: Sendable {
        private let state = Mutex<[HandshakeRequest]>([])

        var requests: [HandshakeRequest] { state.withLock { $0 } }

        func add(_ request: HandshakeRequest) -> Int {
            state.withLock { requests in
                requests.append(request)
                return requests.count
            }
        }
    }

    private let server: WebSocketServer
    private let seen: Seen

    /// - Parameters:
    ///   - answer: refuses a handshake, by its number from 1; nil to accept it.
    ///   - serve: serves a connection, by its number.
    init(
        answer: @escaping @Sendable (Int, HandshakeRequest) -> HandshakeAnswer? = { _, _ in nil },
        serve: @escaping @Sendable (Int, Connection) async -> Void
    ) async throws {
        let seen = Seen()
        self.seen = seen
        server = WebSocketServer(
            port: 0, threads: threads, logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        ) { request in
            let number = seen.add(request)
            if let refusal = answer(number, request) { return refusal }
            return .accept(subprotocol: nil, receiver: Connection(request) { await serve(number, $0) })
        }
        try await server.start()
    }

    /// The handshakes, refused ones included.
    var requests: [HandshakeRequest] { seen.requests }

    var url: WebSocketURL { WebSocketURL("ws://127.0.0.1:\(server.listeningPort ?? 1)/v1/realtime")! }

    func stop() async { await server.stop() }
}

/// Server events.
enum Wire {
    static func created(_ id: String = "sess_1") -> String {
        #"{"type":"session.created","event_id":"e_\#(id)","session":{"id":"\#(id)","type":"realtime","model":"m"}}"#
    }

    static func text(_ delta: String, _ item: String = "i1") -> String {
        #"{"type":"response.output_text.delta","event_id":"d_\#(delta)","response_id":"r1","item_id":"\#(item)","delta":"\#(delta)"}"#
    }

    static func error(_ code: String, _ message: String) -> String {
        #"{"type":"error","event_id":"e","error":{"type":"invalid_request_error","code":"\#(code)","message":"\#(message)"}}"#
    }

    /// A response with one finished call.
    static func call(_ id: String, _ name: String = "lookup") -> [String] {
        let item =
            #"{"id":"item_\#(id)","type":"function_call","status":"completed","call_id":"\#(id)","name":"\#(name)","arguments":"{}"}"#
        return [
            #"{"type":"response.created","event_id":"c_\#(id)","response":{"id":"resp_\#(id)","status":"in_progress"}}"#,
            #"{"type":"response.output_item.done","event_id":"o_\#(id)","response_id":"resp_\#(id)","output_index":0,"item":\#(item)}"#,
            #"{"type":"response.done","event_id":"f_\#(id)","response":{"id":"resp_\#(id)","status":"completed","output":[\#(item)]}}"#,
        ]
    }
}
