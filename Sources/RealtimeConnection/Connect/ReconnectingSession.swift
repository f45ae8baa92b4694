import EventRouter
import Logging
import RealtimeEvents
import Synchronization

/// Runs a `connect` session over one connection after another. It performs the actions that ``ConnectionState`` decides on.
final class ReconnectingSession: Sendable {
    private let options: ConnectOptions
    private let client: WebSocketClient
    private let context: SourceContext
    private let hasSessionEnded = Atomic<Bool>(false)
    /// The latest connection; it may have ended.
    private let current = Mutex<ServerConnection?>(nil)
    /// The API key that was sent last.
    private let key = Mutex("")
    /// The generated ids of sent items.
    private let itemIDs = Mutex(GeneratedItemIDs())
    /// Opens when the server serves the session.
    private let served = Gate()
    /// Opens when the router has sent its first event, which configures the session.
    private let configured = Gate()

    /// Counts reconnects.
    private let reconnects: SourceCounter

    /// The audio of a file; nil for standard input or no audio.
    private let recorded: AudioSender.Recorded?

    /// - Throws: ``ConnectFailure`` if the audio to send cannot be read.
    init(_ options: ConnectOptions, _ client: WebSocketClient, _ context: SourceContext) throws(ConnectFailure) {
        if case .file(let path)? = options.audio?.origin {
            do throws(AudioFailure) { recorded = try AudioSender.Recorded(path: path) } catch {
                throw ConnectFailure(options.address, error.description)
            }
        } else {
            recorded = nil
        }
        self.options = options
        self.client = client
        self.context = context
        reconnects = context.figures.counter("reconnects_total")
    }

    private var isSideband: Bool { options.callID != nil }

    /// Runs until the session ends or the task is cancelled.
    func run() async throws {
        var lifetime = Lifetime(ConnectionState(isSideband ? .sideband : .own, options.reconnect))
        var output = ConnectionState.Output.dial
        while true {
            if Task.isCancelled { return try await stop(.closed, lifetime) }
            switch output {
            case .dial: output = await dial(&lifetime)
            case .wait(let duration, let reason):
                log(reason, duration, lifetime)
                // If the task is cancelled, the loop's check ends the session.
                try? await context.clock.sleep(for: duration)
                output = lifetime.handle(.timer, context.clock)
            case .run: output = try await runSession(&lifetime)
            case .reattach:
                await close(lifetime)
                output = .dial
            case .stop(let ending): return try await stop(ending, lifetime)
            }
        }
    }

    /// The state and tasks of the session over all its connections.
    private struct Lifetime {
        var state: ConnectionState
        var session: AttachedSession?
        /// Sends the session's events over the current connection.
        var sendTask: Task<Void, Never>?
        var audioTask: Task<Void, Never>?
        /// Ends the connection when the session reaches its maximum duration or cost.
        var limitTask: Task<Void, Never>?
        /// The number of the attempt that opened the current connection.
        var attempt = 0

        init(_ state: ConnectionState) {
            self.state = state
        }

        mutating func handle(_ input: ConnectionState.Input, _ clock: any RouterClock) -> ConnectionState.Output {
            let output = state.handle(input, at: clock.now, jitter: .random(in: 0...1))
            if case .run(let attempt) = output { self.attempt = attempt }
            return output
        }
    }

    private func dial(_ lifetime: inout Lifetime) async -> ConnectionState.Output {
        let connection = ServerConnection(isSideband: isSideband)
        do {
            let key: String?
            do { key = try await options.key() } catch { throw DialFailure.unusable("there is no key: \(error)") }
            self.key.withLock { $0 = key ?? "" }
            try checkSecrecy(of: key)
            _ = try await client.connect(
                to: options.address, headers: options.headers + options.credentials(key), receiver: connection)
            current.withLock { $0 = connection }
            // The session may have ended while there was no connection.
            if hasSessionEnded.load(ordering: .sequentiallyConsistent) { connection.sessionEnded() }
            return lifetime.handle(.opened, context.clock)
        } catch let failure as DialFailure {
            return lifetime.handle(.failed(failure), context.clock)
        } catch {
            return lifetime.handle(.failed(.unreachable("\(error)")), context.clock)
        }
    }

    /// Throws if the key would be sent unencrypted over a network.
    private func checkSecrecy(of key: String?) throws(DialFailure) {
        guard options.showsKeyInTheClear(key) else { return }
        throw .unusable("the key would cross the network in the clear\n   help: \(ConnectOptions.clearHelp)")
    }

    /// Runs the session over the open connection, until the connection ends.
    private func runSession(_ lifetime: inout Lifetime) async throws -> ConnectionState.Output {
        guard let connection else { return .stop(.closed) }
        if let session = lifetime.session {
            redactKey(in: session)
            reconnects.add()
            if isSideband {
                session.connectionRestored(attempt: lifetime.attempt)
            } else {
                session.connectionRenewed(attempt: lifetime.attempt)
            }
            connection.attach(session)
        } else {
            let session = try open()
            lifetime.session = session
            redactKey(in: session)
            connection.attach(session)
            lifetime.audioTask = options.audio.map { input in Task { await self.send(input, session) } }
            lifetime.limitTask = Task {
                // After reaching a limit, outputs of running calls can no longer be sent.
                guard let reason = await session.waitForEnd(), [.maxDuration, .maxCost].contains(reason) else { return }
                self.hasSessionEnded.store(true, ordering: .sequentiallyConsistent)
                self.connection?.sessionEnded()
            }
            lifetime.sendTask = Task {
                await self.send(session)
                self.hasSessionEnded.store(true, ordering: .sequentiallyConsistent)
                self.connection?.sessionEnded()
            }
        }
        if isSideband, let silence = options.silence ?? context.idleLimit {
            connection.watchForSilence(silence, context.clock)
        }
        let output = await waitForSignal(connection, &lifetime)
        // A session that stops still sends the outputs of its running calls.
        if case .stop = output { return output }
        if let session = lifetime.session {
            session.connectionLost(reason: connection.endReason ?? "no event came")
            returnUnconfirmed(connection, to: session, isLast: false)
        }
        return output
    }

    /// Passes a connection's signals to the state machine until it returns an action other than `run`.
    private func waitForSignal(_ connection: ServerConnection, _ lifetime: inout Lifetime) async
        -> ConnectionState.Output
    {
        for await signal in connection.signals {
            var signal = signal
            if case .ended(let end) = signal, connection.hasUnconfirmedConfiguration(at: context.clock.now) {
                signal = .droppedConfiguration(end)
            }
            let output = lifetime.handle(signal, context.clock)
            guard case .run = output else { return output }
            if case .served = signal { served.open() }
        }
        // The router is shutting down and cancelled the task, or the session is over.
        return .stop(.closed)
    }

    private func open() throws -> AttachedSession {
        var description = SessionDescription(
            key: options.givenKey, takenKey: .refuse, source: options.address.shown)
        description.readsOutbound = true
        description.configuration = context.session
        description.configuresImmediately = isSideband
        // A silent sideband does not end: it reconnects to see whether its call still exists.
        if isSideband { description.ignoresIdleLimit = true } else { description.idleLimit = options.silence }
        return try context.open(description)
    }

    /// Sends the session's outbound events. An event that cannot be sent returns to the session, which sends it over the next connection.
    private func send(_ session: AttachedSession) async {
        for await event in session.outbound {
            if let connection, let socket = connection.socket {
                if event.type == "session.update" { connection.configurationSent(at: context.clock.now) }
                let itemID = itemIDs.withLock { $0.id(for: event) }
                let number = connection.unconfirmed.add(event, itemID: itemID, at: context.clock.now)
                let isSent = await socket.send(event.withItemID(itemID).jsonBytes) {
                    connection.unconfirmed.markRead(upTo: number)
                }
                if isSent { configured.open() }
                // If the event is no longer in `unconfirmed`, `returnUnconfirmed` has returned it to the session
                // already.
                if isSent || !connection.unconfirmed.remove(number) { continue }
                itemIDs.withLock { $0.keep(itemID, for: event) }
            }
            // The session then emits no outbound events until there is a connection.
            session.unsent(event)
        }
    }

    /// Returns the events to the session that were sent over an ended connection and that the server has not confirmed.
    private func returnUnconfirmed(_ connection: ServerConnection, to session: AttachedSession, isLast: Bool) {
        let isOrderly = connection.end?.isOrderly ?? false
        // A server that closes the last connection normally has read everything that it needed.
        if isLast, isOrderly { return }
        var trustsPings = isOrderly
        if isLast, case .closed? = connection.end { trustsPings = true }
        for entry in connection.unconfirmed.removeAll(at: context.clock.now, trustsPings: trustsPings) {
            guard !entry.isTimeSensitive else {
                session.unconfirmed(entry.event)
                continue
            }
            itemIDs.withLock { $0.keep(entry.itemID, for: entry.event) }
            session.unsent(entry.event)
        }
    }

    /// Sends user audio, once the server serves the session. Without a connection, the audio waits for the next
    /// connection.
    private func send(_ input: AudioInput, _ session: AttachedSession) async {
        await served.wait()
        // The configuration determines how the server handles audio, so it must be sent first.
        if context.session != nil { await configured.wait() }
        let sender = AudioSender(recorded: recorded, sendsAtFullSpeed: input.sendsAtFullSpeed, clock: context.clock) {
            [self] event in
            session.receive(event, from: .client)
            while !Task.isCancelled {
                if let socket = connection?.socket, await socket.send(event) { return true }
                try? await context.clock.sleep(for: .milliseconds(50))
            }
            return false
        }
        do { try await sender.run() } catch {
            guard !Task.isCancelled else { return }
            connection?.fail("cannot send audio: \(error)")
        }
    }

    private var connection: ServerConnection? { current.withLock { $0 } }

    private func close(_ lifetime: Lifetime) async {
        guard let connection else { return }
        if lifetime.session == nil { connection.discardMessages() }
        connection.socket?.close()
        await connection.waitForEnd()
    }

    private func stop(_ ending: ConnectionState.Ending, _ lifetime: Lifetime) async throws {
        let session = lifetime.session
        lifetime.limitTask?.cancel()
        lifetime.audioTask?.cancel()
        await lifetime.audioTask?.value
        var failure: ConnectFailure?
        if case .failed(let reason) = ending { failure = ConnectFailure(options.address, redacted(reason)) }
        let isConnectionGone = connection.map { $0.end != nil } ?? true
        if isConnectionGone, let connection, let session { returnUnconfirmed(connection, to: session, isLast: true) }
        await session?.finish(
            throwing: failure, reason: ending.sessionEnd, isConnectionGone: isConnectionGone)
        lifetime.sendTask?.cancel()
        await lifetime.sendTask?.value
        await close(lifetime)
        // If the session was open, `finish(throwing:)` has reported the failure. Otherwise the source throws it.
        if session == nil, let failure { throw failure }
    }

    /// Redacts the API key in records, because some servers echo it.
    private func redactKey(in session: AttachedSession) {
        let key = self.key.withLock { $0 }
        if !key.isEmpty { session.hide(key, as: ConnectOptions.keyVariable) }
    }

    /// A server's text without the API key, which some servers echo.
    private func redacted(_ text: String) -> String {
        let key = self.key.withLock { $0 }
        return key.isEmpty ? text : text.replacing(key, with: "***")
    }

    private func log(_ reason: String, _ wait: Duration, _ lifetime: Lifetime) {
        context.logger.warning(
            "\(options.address.shown): \(redacted(reason)); trying again in \(wait.milliseconds) ms",
            metadata: ["session": "\(lifetime.session?.key ?? options.givenKey)"])
    }
}

/// A gate that opens once, and for which any number of tasks can wait.
final class Gate: Sendable {
    private struct State {
        var isOpen = false
        var waiting: [Int: CheckedContinuation<Void, Never>] = [:]
        var last = 0
    }

    private let state = Mutex(State())

    /// Opens the gate: resumes all waiting tasks, and lets later ones pass.
    func open() {
        let waiting = state.withLock { state in
            state.isOpen = true
            defer { state.waiting = [:] }
            return Array(state.waiting.values)
        }
        for continuation in waiting { continuation.resume() }
    }

    /// Waits until the gate is open, or the task is cancelled.
    func wait() async {
        let number = state.withLock { state in
            state.last += 1
            return state.last
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isDone = state.withLock { state in
                    if state.isOpen || Task.isCancelled { return true }
                    state.waiting[number] = continuation
                    return false
                }
                if isDone { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiting.removeValue(forKey: number) }?.resume()
        }
    }
}
