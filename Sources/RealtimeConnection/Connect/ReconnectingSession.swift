import EventRouter
import Logging
import RealtimeEvents
import Synchronization

/// Does what a ``ConnectionState`` says: dials, waits, and lets a session run over one connection after the other.
final class ReconnectingSession: Sendable {
    private let options: ConnectOptions
    private let client: WebSocketClient
    private let context: SourceContext
    private let hasSessionEnded = Atomic<Bool>(false)
    /// The connection that was made last; it may have ended.
    private let current = Mutex<ServerConnection?>(nil)
    /// The key that was shown last.
    private let key = Mutex("")
    /// The ids of items that went out.
    private let itemIDs = Mutex(GeneratedItemIDs())
    /// Whether the server has the session.
    private let served = Gate()
    /// Whether an event of the router's has been sent; the first one configures the session.
    private let configured = Gate()

    /// How often a lost connection was made again.
    private let reconnects: SourceCounter

    /// The audio to send, if it is a file's.
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

    /// Runs until the connection is over for good, or the task is cancelled.
    func run() async throws {
        var lifetime = Lifetime(ConnectionState(isSideband ? .sideband : .own, options.reconnect))
        var output = ConnectionState.Output.dial
        while true {
            if Task.isCancelled { return try await stop(.closed, lifetime) }
            switch output {
            case .dial: output = await dial(&lifetime)
            case .wait(let duration, let reason):
                log(reason, duration, lifetime)
                // Cancelled, the next attempt says so.
                try? await context.clock.sleep(for: duration)
                output = lifetime.take(.timer, context.clock)
            case .run: output = try await runSession(&lifetime)
            case .attachAgain:
                await close(lifetime)
                output = .dial
            case .stop(let ending): return try await stop(ending, lifetime)
            }
        }
    }

    /// What belongs to the session over all its connections.
    private struct Lifetime {
        var state: ConnectionState
        var session: AttachedSession?
        /// Sends the session's events, over whatever connection there is.
        var sendTask: Task<Void, Never>?
        var audioTask: Task<Void, Never>?
        /// Ends the connection when the session has reached a limit.
        var limitTask: Task<Void, Never>?
        /// The attempt by which the connection was made that is open now.
        var attempt = 0

        init(_ state: ConnectionState) {
            self.state = state
        }

        mutating func take(_ input: ConnectionState.Input, _ clock: any RouterClock) -> ConnectionState.Output {
            let output = state.take(input, at: clock.now, chance: .random(in: 0...1))
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
            // It may have ended while there was no connection.
            if hasSessionEnded.load(ordering: .sequentiallyConsistent) { connection.sessionEnded() }
            return lifetime.take(.opened, context.clock)
        } catch let failure as DialFailure {
            return lifetime.take(.failed(failure), context.clock)
        } catch {
            return lifetime.take(.failed(.unreachable("\(error)")), context.clock)
        }
    }

    /// A key does not cross a network in the clear.
    private func checkSecrecy(of key: String?) throws(DialFailure) {
        guard options.showsKeyInTheClear(key) else { return }
        throw .unusable("the key would cross the network in the clear\n   help: \(ConnectOptions.clearHelp)")
    }

    /// Lets the session run over the connection that is open, until that ends.
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
                // Whatever its calls still answer cannot be sent.
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
        // At its end a session still sends what its calls answer.
        if case .stop = output { return output }
        if let session = lifetime.session {
            session.connectionLost(reason: connection.endReason ?? "no event came")
            returnUnconfirmed(connection, to: session, isLast: false)
        }
        return output
    }

    /// Takes the signals of a connection until one of them says what to do.
    private func waitForSignal(_ connection: ServerConnection, _ lifetime: inout Lifetime) async
        -> ConnectionState.Output
    {
        for await signal in connection.signals {
            var signal = signal
            if case .ended(let end) = signal, connection.hasUnconfirmedConfiguration(at: context.clock.now) {
                signal = .droppedConfiguration(end)
            }
            let output = lifetime.take(signal, context.clock)
            guard case .run = output else { return output }
            if case .served = signal { served.open() }
        }
        // The task was cancelled, as the router shuts down, or the session is over.
        return .stop(.closed)
    }

    private func open() throws -> AttachedSession {
        var description = SessionDescription(
            key: options.givenKey, takenKey: .refuse, source: options.address.shown)
        description.readsOutbound = true
        description.configuration = context.session
        description.configuresAtOnce = isSideband
        // A silent sideband looks whether its call is still there.
        if isSideband { description.staysIdle = true } else { description.idleLimit = options.silence }
        return try context.open(description)
    }

    /// Sends the session's events. One that finds the connection dead goes back, to be sent over the next.
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
                // What is not there was given back when the connection was lost.
                if isSent || !connection.unconfirmed.remove(number) { continue }
                itemIDs.withLock { $0.keep(itemID, for: event) }
            }
            // Nothing more is taken then until there is a connection.
            session.unsent(event)
        }
    }

    /// Gives back what went out on a connection that has ended, as far as the server has not confirmed it.
    private func returnUnconfirmed(_ connection: ServerConnection, to session: AttachedSession, isLast: Bool) {
        let isOrderly = connection.end?.isOrderly ?? false
        // Whoever ends the conversation has read what it wanted to read.
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

    /// Sends audio as the user's, once the server has the session. What finds no connection waits for the next.
    private func send(_ input: AudioInput, _ session: AttachedSession) async {
        await served.wait()
        // The configuration says what becomes of audio, so it goes first.
        if context.session != nil { await configured.wait() }
        let sender = AudioSender(recorded: recorded, isHurried: input.isHurried, clock: context.clock) { [self] event in
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
        let isGone = connection.map { $0.end != nil } ?? true
        if isGone, let connection, let session { returnUnconfirmed(connection, to: session, isLast: true) }
        await session?.finish(
            throwing: failure, reason: ending.sessionEnd, isConnectionGone: isGone)
        lifetime.sendTask?.cancel()
        await lifetime.sendTask?.value
        await close(lifetime)
        // An error of an open session ended with that; the source fails only once.
        if session == nil, let failure { throw failure }
    }

    /// Keeps the key out of what is written, as some servers give it back.
    private func redactKey(in session: AttachedSession) {
        let key = self.key.withLock { $0 }
        if !key.isEmpty { session.hide(key, as: ConnectOptions.keyVariable) }
    }

    /// A text of the server's without the key, which some servers give back.
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

/// A gate that is opened once, and that any number of tasks wait at.
final class Gate: Sendable {
    private struct State {
        var isOpen = false
        var waiting: [Int: CheckedContinuation<Void, Never>] = [:]
        var last = 0
    }

    private let state = Mutex(State())

    /// Lets everybody go on, now and later.
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
