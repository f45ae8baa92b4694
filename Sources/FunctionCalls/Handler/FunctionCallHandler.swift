import EventJSON
package import EventRouter
package import RealtimeEvents
import Synchronization

/// Runs the functions that the model calls, and gives their answers to the session.
///
/// * `handle(_:)` returns as soon as a call is queued. Calls run at the same time, up to a limit, in the order in which
///   they came; a call that has to wait for others of its own function lets those of other functions pass.
/// * A call runs once for a session, a `call_id` and an occurrence of it, and every call gets exactly one outcome, whatever
///   happens to it. The last 65,536 calls that have their outcome are remembered, and all that have none.
/// * At most 65,536 calls, and 256 MiB of their events, have no outcome yet; a further one is answered as busy.
/// * ``FunctionPolicy`` says which calls with other ids stand for the same, ``CallCaps`` how many are taken at all.
/// * The model is told what the function answers. Of what goes wrong it learns only a short reason and a reference (the
///   call's id); the rest stands in the journal and in the outcome's `error`.
/// * `stop()` cancels what still waits or runs; each such call gets the outcome `cancelled`.
///
/// The journal holds a line when a call starts and one when it ends, as JSON Lines; keys that are unknown are absent:
/// `session`, `session_id`, `time`, `call_id`, `occurrence` (from 2 on), `response_id`, `item_id`, `name`, `arguments`, `state`, `decided_by`, `exit_status`, `signal`, `output`, `error`,
/// `stderr`, `queued_ms`, `ran_ms`, `output_bytes`, `truncated`, `sent`. The first line is written before the function is
/// started; when that fails the function is not run. A line that was written outlives the process, however that ends, and
/// may be lost when the machine goes down.
///
/// The journal is locked while the handler is started: two handlers cannot share one. ``RecordedCalls`` says whether what it
/// holds from earlier runs is done again. A file that has become too large is moved aside, to its name with `.1`, `.2` and so
/// on behind it. Those files are read as well, and never removed here: remove the ones whose calls cannot come again.
package final class FunctionCallHandler: SucceedingHandler, FunctionCallHandling, EventSelecting, RecordKeeping,
    RecordWriter, SecretKeeping, Summarizing
{
    /// The functions, in the order in which they are declared.
    package let functions: [LocalFunction]

    /// Whether the model is told of them when a session begins.
    package let announces: Bool
    /// What becomes of calls that no route gives to a handler which answers.
    package let unroutedCalls: UnroutedCalls

    /// What becomes of calls that no route gives to a handler which answers, in sessions of this router.
    package enum UnroutedCalls: String, Sendable, Hashable, CaseIterable {
        /// The model gets an error, so that it is not left waiting.
        case answer
        /// They are the business of the client that declared the functions.
        case ignore
    }

    let byName: [String: LocalFunction]
    let redactor: ArgumentRedactor
    /// The journal that it uses: its own, or that of the handler in whose place it is.
    var journal: CallJournal { currentJournal.withLock { $0 } }
    let currentJournal: Mutex<CallJournal>
    let ownJournal: CallJournal
    let journalUse: CallJournal.Use
    let succession = Mutex(Succession())
    /// The calls that came, to the handlers before this one too.
    var seen: SharedSeenCalls { currentSeen.withLock { $0 } }
    let currentSeen = Mutex(SharedSeenCalls())
    let recordedCalls: RecordedCalls?
    let caps: CallCaps
    let environment: RouterEnvironment
    var clock: any RouterClock { environment.clock }
    let state: Mutex<State>

    struct State {
        var isStopping = false
        var queue: CallQueue
        var repeated: RepeatedCalls
        /// The calls that run, or that somebody decides on.
        var running: [Int: RunningCall] = [:]
        var lastTask = 0
        /// Calls of executors with a life of their own that go on although they were answered.
        var late: [Int: Task<Void, Never>] = [:]
        /// What waits to break the silence while calls run.
        var silences: [ObjectIdentifier: Task<Void, any Error>] = [:]

        /// The calls of ``running`` in the order in which their tasks began, which is the same in every run of a simulation.
        var runningInOrder: [RunningCall] { running.sorted { $0.key < $1.key }.map(\.value) }
    }

    /// The handlers before and after this one, while both know of calls.
    struct Succession {
        /// The one that may still run calls.
        var predecessor: FunctionCallHandler?
        weak var successor: FunctionCallHandler?
    }

    /// Makes a handler; nothing is opened before `start()`.
    ///
    /// - Parameters:
    ///   - functions: what the model can call. Of two with the same name the first counts.
    ///   - journal: the file to append the journal to, `-` for standard output; nil for none.
    ///   - recordedCalls: what becomes of calls that the journal holds from earlier runs; nil: `journal` in sessions that
    ///     are interactive, `run` in recordings.
    ///   - maxJournal: the size in bytes from which on the journal is moved aside before the next call starts; nil for
    ///     never.
    ///   - maxConcurrent: how many calls may run at a time, over all sessions.
    ///   - caps: how many calls are taken at all.
    ///   - announces: whether the model is told of the functions when a session begins.
    ///   - unroutedCalls: what becomes of calls that no route takes; nil: those of announced functions are answered.
    ///   - clock: the time to go by.
    ///   - executor: where the handler's tasks run, its functions among them; nil for Swift's own executor.
    ///   - files: what the journal is written with.
    /// - Precondition: `maxConcurrent` is at least 1.
    package init(
        _ functions: [LocalFunction], journal: String? = nil, recordedCalls: RecordedCalls? = nil,
        maxJournal: Int? = nil, maxConcurrent: Int = 16, caps: CallCaps = CallCaps(), announces: Bool = false,
        unroutedCalls: UnroutedCalls? = nil, clock: any RouterClock = .system,
        executor: (any TaskExecutor)? = nil, files: any FileOperations = .system
    ) {
        precondition(maxConcurrent > 0, "calls need room for one of them")
        self.functions = functions
        self.announces = announces
        self.unroutedCalls = unroutedCalls ?? (announces ? .answer : .ignore)
        environment = RouterEnvironment(clock: clock, executor: executor, files: files)
        byName = Dictionary(functions.map { ($0.name, $0) }) { first, _ in first }
        ownJournal = CallJournal(path: journal, in: environment)
        currentJournal = Mutex(ownJournal)
        journalUse = CallJournal.Use(
            rules: byName.compactMapValues(\.policy.writtenOnce), maximumSize: maxJournal)
        redactor = ArgumentRedactor(byName.mapValues(\.policy.redacted))
        self.recordedCalls = recordedCalls
        self.caps = caps
        let limits = byName.compactMapValues(\.maxConcurrent)
        state = Mutex(
            State(
                queue: CallQueue(limit: maxConcurrent, limits: limits),
                repeated: RepeatedCalls(keeping: caps.remembered)))
    }

    /// Calls that are complete and may run.
    package var interests: [EventType] { [.routerFunctionCallReady] }

    /// Calls that are ready.
    package var usableTypes: [EventType] { [.routerFunctionCallReady] }

    /// The functions as the `tools` of a `session.update`.
    package var tools: [Tool] { functions.map(\.tool) }

    /// The functions, with what is to be done about them.
    package var toolOffer: ToolOffer? {
        ToolOffer(tools, isAnnounced: announces, answersUnrouted: unroutedCalls == .answer)
    }

    /// The lines of the journal.
    package var records: (any RecordKeeper)? { journal.records }

    /// How many lines of the journal broke off, when there are such.
    package var summary: HandlerSummary? {
        let count = journal.tornLines
        guard count > 0 else { return nil }
        let lines =
            count == 1 ? "1 line of the journal broke off and is" : "\(count) lines of the journal broke off and are"
        return HandlerSummary(
            json: ["torn_journal_lines": .number(JSONNumber(count))], lines: ["\(lines) passed over, as after a crash"])
    }

    /// Takes the counts of the journal's lines that could not be written.
    package func reportUnwritten(to records: UnwrittenRecords) { ownJournal.reportUnwritten(to: records) }

    /// Opens and locks the journal, reads it when calls are to be answered from it, and starts the functions' executors.
    ///
    /// - Throws: `FileFailure` when its path cannot be written or another router has it open, another error when it
    ///   cannot be read, and ``FunctionStartFailure`` when an executor does not start.
    package func start() async throws {
        try ownJournal.open(for: self, journalUse)
        currentJournal.withLock { $0 = ownJournal }
        try await begin()
    }

    /// Nobody stops a handler that did not start, so it leaves the journal itself.
    func begin() async throws {
        do {
            if recordedCalls == .journal { try journal.readBack() }
            state.withLock { $0.isStopping = false }
            try await startExecutors()
        } catch {
            journal.leave(self)
            throw error
        }
    }

    private func startExecutors() async throws {
        for (index, function) in functions.enumerated() {
            do { try await function.managed?.start() } catch {
                for earlier in functions[..<index].reversed() { await earlier.managed?.stop() }
                throw FunctionStartFailure(function: function.name, reason: "\(error)")
            }
        }
    }

    /// Takes a call: refuses it at once, or queues it.
    ///
    /// - Throws: `DeliveryFailure` for an event that is no call that is ready.
    package func handle(_ delivery: EventDelivery) async throws {
        guard delivery.event.type.code == .routerFunctionCallReady else {
            throw DeliveryFailure.permanent(
                "functions are run for router.function_call.ready, not for `\(delivery.event.type.name)`")
        }
        var call = try delivery.event.decode(FunctionCall.self)
        guard let reference = call.reference else { throw DeliveryFailure.permanent("the call has no call_id") }
        let session = delivery.session
        let (turn, size) = (call.head.turn ?? 0, delivery.event.bytes.count)
        let arrival = seen.withLock { $0.take(reference, turn: turn, size: size, in: session, caps) }
        guard let arrival else { return }
        var identity = CallIdentity(
            session: call.head.session ?? session.key, sessionID: call.head.sessionID ?? session.sessionID,
            callID: reference.callID, occurrence: call.occurrence ?? 1, responseID: call.responseID,
            itemID: call.itemID)
        // A journal that cannot be read is reported when the call is looked up in it.
        if isRemembering(session), let known = try? journal.reserveOccurrence(of: identity) {
            identity.occurrence = known
        }
        call.occurrence = identity.occurrence > 1 ? identity.occurrence : nil
        take(
            TakenCall(
                call, reference, identity, function: call.name.flatMap { byName[$0] }, delivery: delivery,
                writtenArguments: redactor.redacted(call.arguments, of: call.name) ?? call.arguments,
                hiddenTexts: redactor.hiddenTexts(of: call), takenAt: clock.now),
            excess: caps.refusal(of: arrival))
    }

    /// Waits until no call waits or runs any more.
    package func finish() async {
        while true {
            let tasks = state.withLock { state in state.runningInOrder.map(\.task) }
            if tasks.isEmpty { return }
            for task in tasks { await task.value }
        }
    }

    /// Cancels what waits and runs, stops the executors, waits for all that, and closes the journal.
    package func stop() async {
        let (waiting, running) = state.withLock { state in
            state.isStopping = true
            return (state.queue.removeWaiting(), state.runningInOrder.map(\.task))
        }
        for call in waiting { settle(call, .cancelled()) }
        for task in running { task.cancel() }
        for task in running { await task.value }
        let late = state.withLock { state in state.late.sorted { $0.key < $1.key }.map(\.value) }
        if !late.isEmpty { _ = await CallExecution.awaitEnd(of: late, in: environment) }
        await withTaskGroup { group in
            for executor in functions.compactMap(\.managed) { group.addTask { await executor.stop() } }
        }
        journal.leave(self)
        endSuccession()
    }
}

extension EventHandler where Self == FunctionCallHandler {
    /// A handler that runs functions, for the call site. Each gets the timeout; commands have their own.
    package static func functionCalls(
        _ functions: [String: any FunctionCallExecutor], journal: String? = nil, timeout: Duration = .seconds(10),
        maxConcurrent: Int = 16, clock: any RouterClock = .system
    ) -> FunctionCallHandler {
        let sorted = functions.sorted { $0.key < $1.key }
        return FunctionCallHandler(
            sorted.map { LocalFunction($0.key, timeout: timeout, executor: $0.value) }, journal: journal,
            maxConcurrent: maxConcurrent, clock: clock)
    }
}

/// A function whose executor did not start.
package struct FunctionStartFailure: Error, CustomStringConvertible {
    let function: String
    let reason: String

    /// Which function, and why.
    package var description: String { "the function `\(function)`: \(reason)" }
}
