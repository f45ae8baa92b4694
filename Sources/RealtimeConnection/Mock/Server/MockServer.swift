import EventJSON
public import HTTPService
public import Logging
import NIOCore
import RecordFiles
import Synchronization

/// A Realtime endpoint that plays recordings, for testing a voice agent without the API.
///
/// ```swift
/// let threads = ConnectionThreads() let server = MockServer([recording], port: 0, threads: threads, logger: logger)
/// try await server.start() // The client connects to server.url, and sends its events. await server.waitForEnd() let
/// faults = server.faults
/// ```
public final class MockServer: Sendable {
    /// A fault and the session in which it happened.
    public struct SessionFault: Sendable, Hashable, CustomStringConvertible {
        /// The number of the session, counted from 1.
        public let session: Int
        /// The file name of the recording.
        public let recording: String
        /// What the client did wrong.
        public let fault: MockFault

        /// The fault with its session, for display.
        public var description: String { "session \(session) (\(recording)): \(fault)" }
    }

    private struct State {
        var accepted = 0
        var ended = 0
        /// The number of plays of each recording, by its index.
        var plays: [Int: Int] = [:]
        var open: [Int: MockSession] = [:]
        var faults: [SessionFault] = []
        var isStopped = false
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private static let mostFaults = 1000

    private let recordings: [MockRecording]
    private let options: MockServerOptions
    private let logger: Logger
    private let onFault: @Sendable (SessionFault) -> Void
    private let state = Mutex(State())
    private let server: Mutex<WebSocketServer?>
    private let ending = Mutex<Task<Void, Never>?>(nil)
    private let unwritten: UnwrittenRecords
    private let unopenedRecordings = Atomic(0)

    /// Creates a server, which opens nothing before ``start()``.
    ///
    /// - Parameters:
    ///   - recordings: the recordings to play; at least one.
    ///   - address: the address to listen on.
    ///   - port: the port; 0 for any free port.
    ///   - certificate: for `wss://`; nil for `ws://`.
    ///   - options: how to choose recordings, and the faults to inject.
    ///   - threads: the threads that read and write the connections.
    ///   - logger: the logger for warnings.
    ///   - onFault: called for each fault when it happens, on a connection's thread; must not block.
    public init(
        _ recordings: [MockRecording], address: IPAddress = .loopback, port: UInt16,
        certificate: ServerCertificate? = nil, options: MockServerOptions = MockServerOptions(),
        threads: ConnectionThreads, logger: Logger, onFault: @escaping @Sendable (SessionFault) -> Void = { _ in }
    ) {
        precondition(!recordings.isEmpty, "a mock endpoint needs a recording")
        self.recordings = recordings
        self.options = options
        self.logger = logger
        unwritten = UnwrittenRecords(report: { [logger] in logger.error("cannot write \($0.name): \($0.error)") })
        self.onFault = onFault
        server = Mutex(nil)
        server.withLock { [self] server in
            server = WebSocketServer(
                address: address, port: port, certificate: certificate, threads: threads, logger: logger
            ) { self.answer($0) }
        }
    }

    /// Starts listening.
    ///
    /// - Throws: ``ServerFailure`` if the server cannot listen on the address and port, or the certificate is unusable.
    public func start() async throws {
        let server = server.withLock { server -> WebSocketServer? in server }
        try await server?.start()
    }

    /// The URL for clients, such as `ws://127.0.0.1:8080/v1/realtime`; nil while the server does not listen. Any other path works too.
    public var url: String? {
        let url = server.withLock { server -> String? in server?.url }
        return url.map { $0 + "/v1/realtime" }
    }

    /// The clients' faults so far, in order; at most the first 1000.
    public var faults: [SessionFault] { state.withLock { $0.faults } }

    /// Whether a recording in ``MockServerOptions/recordFolder`` is missing or incomplete, because its file could not be written.
    public var lacksRecords: Bool { !unwritten.files.isEmpty || unopenedRecordings.load(ordering: .relaxed) > 0 }

    /// The number of sessions that have ended.
    public var sessionCount: Int { state.withLock { $0.ended } }

    /// Waits until ``MockServerOptions/sessions`` sessions have ended or the server was stopped, and then stops listening.
    public func waitForEnd() async {
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            let hasEnded = state.withLock { state -> Bool in
                if isOver(state) { return true }
                state.waiters.append(continuation)
                return false
            }
            if hasEnded { continuation.resume() }
        }
        await close()
    }

    /// Closes all sessions with code 1001, and stops listening.
    public func stop() async {
        let (sessions, waiters) = state.withLock { state in
            state.isStopped = true
            defer { state.waiters = [] }
            return (Array(state.open.values), state.waiters)
        }
        for session in sessions { session.close() }
        for waiter in waiters { waiter.resume() }
        await close()
    }

    /// Stops listening. A second caller waits for the same task.
    private func close() async {
        let ending = ending.withLock { ending -> Task<Void, Never> in
            if let ending { return ending }
            let server = server.withLock { server -> WebSocketServer? in
                defer { server = nil }
                return server
            }
            let task = Task { await server?.stop() ?? () }
            ending = task
            return task
        }
        await ending.value
    }

    private func isOver(_ state: State) -> Bool {
        state.isStopped || options.sessions.map { state.ended >= $0 } ?? false
    }

    // MARK: - Handshakes

    private func answer(_ request: HandshakeRequest) -> HandshakeAnswer {
        if let fault = request.fault { return .refuse(fault) }
        guard let number = admit() else {
            return Self.refusal(503, "This mock endpoint has played as many sessions as it was asked for.")
        }
        if let status = options.handshakeStatus {
            endAfterAnswer(number)
            return Self.refusal(status, nil)
        }
        guard let index = index(for: request, number) else {
            endAfterAnswer(number)
            return Self.refusal(404, "No recording fits \(request.target).")
        }
        let plays = state.withLock { state in
            state.plays[index, default: 0] += 1
            return state.plays[index] ?? 1
        }
        let play = MockPlay(
            recordings[index], model: request.query("model"), intent: request.query("intent"), number: plays,
            isBeta: request.header("openai-beta")?.contains("realtime=v1") ?? false, options: options.play)
        let path = recordings[index].path
        let name = path.split(separator: "/").last.map(String.init) ?? path
        let session = MockSession(
            play, fragments: options.fragments, recording: makeRecorder(recordings[index], number),
            report: { [self] in report($0, number, name) }, onEnd: { [self] in end(number) })
        let isStopped = state.withLock { state in
            state.open[number] = session
            return state.isStopped
        }
        if isStopped { return Self.refusal(503, "This mock endpoint ends.") }
        return .accept(
            subprotocol: request.subprotocols.contains("realtime") ? "realtime" : nil, receiver: session)
    }

    /// The number for a new session; nil if the limit is reached.
    private func admit() -> Int? {
        state.withLock { state in
            if let limit = options.sessions, state.accepted >= limit { return nil }
            state.accepted += 1
            return state.accepted
        }
    }

    private func index(for request: HandshakeRequest, _ number: Int) -> Int? {
        switch options.selection {
        case .order: (number - 1) % recordings.count
        case .model: recordings.firstIndex { $0.model != nil && $0.model == request.query("model") }
        case .path: recordings.firstIndex { $0.name == request.path.split(separator: "/").last.map(String.init) }
        }
    }

    /// A refusal with an error body like the API's.
    static func refusal(_ status: Int, _ message: String?) -> HandshakeAnswer {
        let (type, code, words): (String, String?, String) =
            switch status {
            case 401: ("invalid_request_error", "invalid_api_key", "Incorrect API key provided.")
            case 403: ("invalid_request_error", nil, "You do not have access to this resource.")
            case 404: ("invalid_request_error", "model_not_found", "The model does not exist.")
            case 429: ("requests", "rate_limit_exceeded", "Rate limit reached for requests.")
            case 500...: ("server_error", nil, "The server had an error while processing your request.")
            default: ("invalid_request_error", nil, "The request was refused.")
            }
        let error: JSONValue = [
            "error": [
                "message": .string(message ?? words), "type": .string(type), "param": nil,
                "code": code.map { .string($0) } ?? .null,
            ]
        ]
        var headers = [(name: "content-type", value: "application/json")]
        if status == 429 { headers.append((name: "retry-after", value: "1")) }
        return .refuse(status: status, headers: headers, body: Array(error.description.utf8))
    }

    private func makeRecorder(_ recording: MockRecording, _ number: Int) -> SessionRecorder? {
        guard let folder = options.recordFolder else { return nil }
        do {
            return try SessionRecorder(
                folder: folder, session: "\(recording.name)-\(number)", recording, unwritten: unwritten)
        } catch {
            logger.error("\(error)")
            unopenedRecordings.add(1, ordering: .relaxed)
            return nil
        }
    }

    // MARK: - Sessions

    private func report(_ fault: MockFault, _ session: Int, _ recording: String) {
        let fault = SessionFault(session: session, recording: recording, fault: fault)
        state.withLock { state in
            if state.faults.count < Self.mostFaults { state.faults.append(fault) }
        }
        onFault(fault)
    }

    /// Ends a refused session after 250 ms, so that the response is sent before the server may stop.
    private func endAfterAnswer(_ session: Int) {
        Task {
            try? await Task.sleep(for: .milliseconds(250))
            end(session)
        }
    }

    private func end(_ session: Int) {
        let waiters = state.withLock { state -> [CheckedContinuation<Void, Never>] in
            state.ended += 1
            state.open[session] = nil
            guard isOver(state) else { return [] }
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }
}
