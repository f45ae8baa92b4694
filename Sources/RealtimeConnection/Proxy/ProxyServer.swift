import ConfigSource
import EventRouter
import Logging
import NIOCore
import Synchronization

/// Accepts clients: checks each handshake, connects to the upstream server, and starts a ``Relay`` between the two.
final class ProxyServer: Sendable {
    private let options: ProxyOptions
    private let context: SourceContext
    private let dialler: UpstreamDialler
    private let check: RequestCheck
    private let keys: SessionKeyGenerator
    private let slots: SessionSlots
    private let passthrough: PassthroughRequests
    private let figures: ProxyFigures
    private let server = Mutex<WebSocketServer?>(nil)
    private let threads: ConnectionThreads
    /// The wake-ups of each event loop.
    private let wakeUps: [ObjectIdentifier: NIOLoopBoundBox<SessionWakeUps>]

    init(_ options: ProxyOptions, _ context: SourceContext, _ threads: ConnectionThreads) throws {
        self.options = options
        self.context = context
        self.threads = threads
        wakeUps = Dictionary(
            uniqueKeysWithValues: threads.eventLoops.map { loop in
                (ObjectIdentifier(loop), .makeBoxSendingValue(SessionWakeUps(on: loop), eventLoop: loop))
            })
        figures = ProxyFigures(context.figures)
        dialler = try UpstreamDialler(options, threads)
        check = RequestCheck(
            hosts: options.hosts.union(options.certificate?.names ?? []), origins: options.origins)
        keys = SessionKeyGenerator(options.sessionKey, clock: context.clock)
        slots = SessionSlots(maximum: options.maximumSessions)
        passthrough = PassthroughRequests(dialler, slots, context, figures)
    }

    /// Starts listening.
    ///
    /// - Returns: the address for clients.
    func start() async throws -> String {
        let server = WebSocketServer(
            address: options.address, port: options.port, certificate: options.certificate, threads: threads,
            limits: options.limits, maximumConnections: options.maximumSessions * 2 + 100,
            sharesPort: options.sharesPort,
            logger: context.logger
        ) { await self.answer($0) }
        try await server.start()
        self.server.withLock { $0 = server }
        return server.url ?? name
    }

    private var name: String { "\(options.address):\(options.port)" }

    /// Refuses new clients, waits until all sessions have ended, and then stops listening.
    func drain() async {
        // The other processes on the same port then get all new clients.
        if options.sharesPort { await stopListening() }
        // At the deadline, the router ends the sessions itself. It does not know of the passthrough requests.
        let deadline = Task { [context, passthrough] in
            await context.waitForShutdownDeadline()
            passthrough.close()
        }
        await slots.drain()
        deadline.cancel()
        await stopListening()
    }

    private func stopListening() async {
        let server = server.withLock { server -> WebSocketServer? in server }
        await server?.stop()
    }

    // MARK: Handshakes

    private func answer(_ request: HandshakeRequest) async -> HandshakeAnswer {
        let answer = await decide(request)
        if case .refuse(let status, _, _) = answer { logRefusal(status, request) }
        return answer
    }

    private func decide(_ request: HandshakeRequest) async -> HandshakeAnswer {
        if let refusal = check.refusal(of: request) { return refusal }
        guard request.isRealtimeSession else {
            guard options.ownKey == nil else { return .refuse(status: 404, "this proxy serves Realtime sessions only") }
            return await passthrough.pass(request)
        }
        if let fault = request.fault { return .refuse(fault) }
        var client: ProxyClient?
        if let ownKey = options.ownKey {
            client = ownKey.client(of: request)
            guard let client else { return .refuse(status: 401, "the token is missing or unknown") }
            if let refusal = client.refusal(of: request) { return refusal }
        }
        guard let secrets = ClientSecrets(request, options) else {
            return .refuse(status: 400, "the query and the cookies have too many values")
        }
        if let refusal = slots.acquire(client) { return refusal }
        do {
            return try await startSession(request, client, secrets)
        } catch {
            slots.release(client)
            slots.finish()
            return error.answer
        }
    }

    private func logRefusal(_ status: Int, _ request: HandshakeRequest) {
        figures.refused(status)
        context.logger.info(
            "a client was refused",
            metadata: [
                "status": "\(status)", "path": "\(request.path.printable)", "client": "\(request.clientAddress)",
            ])
    }

    // MARK: Sessions

    private func startSession(
        _ request: HandshakeRequest, _ client: ProxyClient?, _ secrets: ClientSecrets
    ) async throws(UpstreamFailure) -> HandshakeAnswer {
        let relay: RelayHandle
        // All connections are on these event loops.
        guard let wakeUps = wakeUps[ObjectIdentifier(request.eventLoop)] else { throw UpstreamFailure.closed }
        do {
            let functions: @Sendable () -> OfferedFunctions = { [context] in context.functions }
            relay = try await RelayHandle.make(
                on: request.eventLoop, linger: options.linger,
                filter: { [options] in SessionFilter(options, client, functions: functions) },
                secrets: secrets, figures: figures, wakeUps: wakeUps
            ) { [self] session in end(session, client) }
        } catch {
            throw UpstreamFailure.closed
        }
        let forwarded = ForwardedRequest(request, key: options.ownKey)
        let upstream = try await dialler.dial(forwarded, relay.server, on: request.eventLoop)
        // From here on the relay reports the end of the session.
        do {
            let session = try context.open(description(request, client, secrets))
            watch(session, relay)
            // The relay enforces the duration too, one second later, in case the router's tasks are blocked.
            let limit = client?.maximumDuration.map { $0 + .seconds(1) }
            relay.run { $0.begin(session, limit: limit) }
        } catch {
            context.logger.error("a session cannot be routed", metadata: ["error": "\(error)"])
            relay.run { $0.begin(nil) }
            // Limits on cost and duration need a routed session. With our own key, an unrouted session must not continue.
            if options.ownKey != nil {
                relay.run { $0.ended(.lost("the session cannot be routed"), .client) }
                return .refuse(status: 503, "this session cannot be routed")
            }
        }
        return .accept(
            subprotocol: upstream.subprotocol, headers: upstream.passedFields, receiver: relay.client)
    }

    private func description(
        _ request: HandshakeRequest, _ client: ProxyClient?, _ secrets: ClientSecrets
    ) -> SessionDescription {
        var session = SessionDescription(
            key: keys.key(for: request, named: options.name, secrets), source: options.upstreams[0].shown)
        session.labels = options.labels.compactMap { label in
            guard case .request(let field) = label.origin, let value = field.value(in: request) else { return nil }
            return secrets.label(label.name, value)
        }
        session.limits = SessionLimits(maxDuration: client?.maximumDuration, maxCost: client?.maximumCost)
        session.maySendClientEvents = options.mode == .act
        session.ownsFunctions = options.mode == .act
        session.outlastsShutdown = true
        session.isTranscribed = options.ensure?.hasTranscription ?? false
        session.ignoresIdleLimit = true
        session.readsOutbound = true
        return session
    }

    /// Sends the router's events to the server, and closes the connections when the router ends the session.
    private func watch(_ session: AttachedSession, _ relay: RelayHandle) {
        Task(executorPreference: HandshakeExecutor.shared) {
            guard let (code, reason) = Self.closing(await session.waitForEnd()) else { return }
            relay.run { $0.end(code: code, reason: reason) }
        }
        guard options.mode == .act || options.ensure != nil else { return }
        Task(executorPreference: HandshakeExecutor.shared) {
            for await event in session.outbound where !(await relay.send(event)) { session.unsent(event) }
        }
    }

    /// How to close the client's connection when the router has ended the session; nil if the conversation continues without the router.
    private static func closing(_ reason: SessionEndReason?) -> (code: UInt16, reason: String)? {
        switch reason {
        case .maxDuration: (1008, "the session has lasted as long as it may")
        case .maxCost: (1008, "the session has cost as much as it may")
        case .interrupted: (1012, "the proxy is shutting down")
        default: nil
        }
    }

    private func end(_ session: AttachedSession?, _ client: ProxyClient?) {
        slots.release(client)
        Task(executorPreference: HandshakeExecutor.shared) { [slots] in
            await session?.finish(reason: .disconnected)
            slots.finish()
        }
    }
}

/// Generates the keys of clients' sessions.
struct SessionKeyGenerator: Sendable {
    private static let letters = Array("abcdefghjkmnpqrstuvwxyz23456789")
    private static let longestKey = 200

    private let field: RequestField?
    private let clock: any RouterClock

    /// - Parameter field: the handshake field that contains the key; nil for generated keys.
    init(_ field: RequestField?, clock: any RouterClock) {
        self.field = field
        self.clock = clock
    }

    /// The key of a client's session: the value of the handshake field, unless it contains one of the client's secrets. Otherwise the
    /// source's name, the time, and four random characters.
    func key(for request: HandshakeRequest, named source: String, _ secrets: ClientSecrets? = nil) -> String {
        if let value = field?.value(in: request)?.printable, !value.isEmpty, secrets?.isFound(in: value) != true {
            return value.cut(toUTF8Bytes: Self.longestKey)
        }
        let digits = Timestamp(unix: clock.wallTime).description.prefix(19).filter { $0.isNumber || $0 == "T" }
        return "\(source)-\(digits)-\(String((0..<4).map { _ in Self.letters.randomElement()! }))"
    }
}
