import EventJSON
package import EventRouter
package import RealtimeEvents
import Synchronization

/// Runs the functions that the model calls, and passes their answers to the session.
///
/// * `handle(_:)` returns as soon as a call is queued. Calls run concurrently, up to a limit, in order of arrival. A
///   call that waits for other calls of the same function does not delay calls of other functions.
/// * A call, identified by session, `call_id` and occurrence, runs once and gets exactly one outcome in all cases. The
///   handler remembers all calls without an outcome, and the last 65,536 calls with one.
/// * At most 65,536 calls with 256 MiB of events may lack an outcome; a further call is answered as busy.
/// * ``FunctionPolicy`` defines which calls with different ids are equivalent; ``CallCaps`` limits how many calls are
///   accepted.
/// * The model gets the function's answer. If the call fails, it gets only a short reason and a reference (the call's
///   id); details are in the journal and in the outcome's `error`.
/// * `stop()` cancels the calls that wait or run; each of them gets the outcome `cancelled`.
///
/// The journal is a JSON Lines file with one line when a call starts and one when it ends. Unknown keys are absent:
/// `session`, `session_id`, `time`, `call_id`, `occurrence` (from 2 on), `response_id`, `item_id`, `name`, `arguments`,
/// `state`, `decided_by`, `exit_status`, `signal`, `output`, `error`, `stderr`, `queued_ms`, `ran_ms`, `output_bytes`,
/// `truncated`, `sent`. The start is written before the function is started; if that fails, the function does not run.
/// A written line survives the end of the process, but may be lost if the machine crashes.
///
/// The journal is locked while the handler is started: two handlers cannot share one. ``RecordedCalls`` says whether
/// calls in it from earlier runs run again. A file that has reached its maximum size is renamed: `.1`, `.2` and so on
/// is appended to its name. The handler reads those files too and never removes them. You can remove the files whose
/// calls cannot be repeated any more.
package final class FunctionCallHandler: HandlerSuccessor, FunctionCallHandling, EventSelecting, RecordKeeping,
    RecordWriter, SecretKeeping, Summarizing
{
    /// The functions, in order of declaration.
    package let functions: [LocalFunction]

    /// Whether the functions are announced to the model when a session begins.
    package let announces: Bool
    /// What happens to calls that no route sends to an answering handler.
    package let unroutedCalls: UnroutedCalls

    /// What happens to calls that no route sends to an answering handler, in sessions of this router.
    package enum UnroutedCalls: String, Sendable, Hashable, CaseIterable {
        /// The model gets an error, so that it does not wait for an answer.
        case answer
        /// They are left to the client that declared the functions.
        case ignore
    }

    let byName: [String: LocalFunction]
    let redactor: ArgumentRedactor
    /// The journal in use: this handler's own, or its predecessor's.
    var journal: CallJournal { currentJournal.withLock { $0 } }
    let currentJournal: Mutex<CallJournal>
    let ownJournal: CallJournal
    let journalSettings: CallJournal.Settings
    let succession = Mutex(Succession())
    /// The calls that arrived at this handler and its predecessors.
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
        var coalesced: CoalescedCalls
        /// The calls that run or wait for an approval.
        var running: [Int: RunningCall] = [:]
        var lastTask = 0
        /// The tasks of managed executors that still run although their calls were answered.
        var unfinished: [Int: Task<Void, Never>] = [:]
        /// The timers of the messages that are spoken while calls run.
        var waitingMessages: [ObjectIdentifier: Task<Void, any Error>] = [:]

        /// The calls of ``running`` in the order of their start, which is the same in every run of a simulation.
        var runningInOrder: [RunningCall] { running.sorted { $0.key < $1.key }.map(\.value) }
    }

    /// The handlers before and after this one, during a replacement of the rules.
    struct Succession {
        /// The handler that this one replaced; it may still run calls.
        var predecessor: FunctionCallHandler?
        weak var successor: FunctionCallHandler?
    }

    /// Creates a handler. Nothing is opened before `start()`.
    ///
    /// - Parameters:
    ///   - functions: the functions that the model can call. If two have the same name, the first one is used.
    ///   - journal: the path of the journal, `-` for standard output; nil for no journal.
    ///   - recordedCalls: what happens to calls that the journal has from earlier runs; nil for `journal` in
    ///     interactive sessions and `run` in recordings.
    ///   - maxJournal: the size in bytes at which the journal is renamed before the next call starts; nil if it is
    ///     never renamed.
    ///   - maxConcurrent: the maximum number of running calls, over all sessions.
    ///   - caps: limits on the number of accepted calls.
    ///   - announces: whether the functions are announced to the model when a session begins.
    ///   - unroutedCalls: what happens to calls that no route matches; nil: those of announced functions are answered.
    ///   - clock: the clock for timeouts and the journal.
    ///   - executor: the executor of the handler's tasks, including the functions; nil for Swift's default.
    ///   - files: the file operations that the journal uses.
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
        journalSettings = CallJournal.Settings(
            rules: byName.compactMapValues(\.policy.journaledOnce), maximumSize: maxJournal)
        redactor = ArgumentRedactor(byName.mapValues(\.policy.redacted))
        self.recordedCalls = recordedCalls
        self.caps = caps
        let limits = byName.compactMapValues(\.maxConcurrent)
        state = Mutex(
            State(
                queue: CallQueue(limit: maxConcurrent, limits: limits),
                coalesced: CoalescedCalls(keeping: caps.remembered)))
    }

    /// Calls that are complete and may run.
    package var interests: [EventType] { [.routerFunctionCallReady] }

    /// The only event type that it can handle: calls that are ready.
    package var usableTypes: [EventType] { [.routerFunctionCallReady] }

    /// The functions as the `tools` of a `session.update`.
    package var tools: [Tool] { functions.map(\.tool) }

    /// The functions as tools, with the policies for announcing and answering them.
    package var toolOffer: ToolOffer? {
        ToolOffer(tools, isAnnounced: announces, answersUnrouted: unroutedCalls == .answer)
    }

    /// The lines of the journal.
    package var records: (any RecordKeeper)? { journal.records }

    /// The number of truncated journal lines; nil if there are none.
    package var summary: HandlerSummary? {
        let count = journal.tornLines
        guard count > 0 else { return nil }
        let lines =
            count == 1 ? "1 journal line is truncated and was" : "\(count) journal lines are truncated and were"
        return HandlerSummary(
            json: ["torn_journal_lines": .number(JSONNumber(count))], lines: ["\(lines) skipped, as after a crash"])
    }

    /// Uses `records` to count journal lines that could not be written.
    package func reportUnwritten(to records: UnwrittenRecords) { ownJournal.reportUnwritten(to: records) }

    /// Opens and locks the journal, reads it if calls are answered from it, and starts the functions' executors.
    ///
    /// - Throws: `FileFailure` if the journal cannot be written or another router has it open, ``FunctionStartFailure``
    ///   if an executor does not start, and another error if the journal cannot be read.
    package func start() async throws {
        try ownJournal.open(for: self, journalSettings)
        currentJournal.withLock { $0 = ownJournal }
        try await openJournalAndStartExecutors()
    }

    /// Detaches from the journal on failure: nobody calls `stop()` on a handler that did not start.
    func openJournalAndStartExecutors() async throws {
        do {
            if recordedCalls == .journal { try journal.readBack() }
            state.withLock { $0.isStopping = false }
            try await startExecutors()
        } catch {
            journal.detach(self)
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

    /// Accepts a call: refuses it immediately or queues it.
    ///
    /// - Throws: `DeliveryFailure` if the event is not a ready call.
    package func handle(_ delivery: EventDelivery) async throws {
        guard delivery.event.type.code == .routerFunctionCallReady else {
            throw DeliveryFailure.permanent(
                "functions are run for router.function_call.ready, not for `\(delivery.event.type.name)`")
        }
        var call = try delivery.event.decode(FunctionCall.self)
        guard let reference = call.reference else { throw DeliveryFailure.permanent("the call has no call_id") }
        let session = delivery.session
        let (turn, size) = (call.head.turn ?? 0, delivery.event.bytes.count)
        let arrival = seen.withLock { $0.register(reference, turn: turn, size: size, in: session, caps) }
        guard let arrival else { return }
        var identity = CallIdentity(
            session: call.head.session ?? session.key, sessionID: call.head.sessionID ?? session.sessionID,
            callID: reference.callID, occurrence: call.occurrence ?? 1, responseID: call.responseID,
            itemID: call.itemID)
        // If the journal cannot be read, the later lookup reports it.
        if answersFromJournal(session), let known = try? journal.reserveOccurrence(of: identity) {
            identity.occurrence = known
        }
        call.occurrence = identity.occurrence > 1 ? identity.occurrence : nil
        process(
            PendingCall(
                call, reference, identity, function: call.name.flatMap { byName[$0] }, delivery: delivery,
                redactedArguments: redactor.redacted(call.arguments, of: call.name) ?? call.arguments,
                redactedTexts: redactor.redactedTexts(of: call), receivedAt: clock.now),
            excess: caps.refusal(of: arrival))
    }

    /// Waits until no call waits or runs.
    package func finish() async {
        while true {
            let tasks = state.withLock { state in state.runningInOrder.map(\.task) }
            if tasks.isEmpty { return }
            for task in tasks { await task.value }
        }
    }

    /// Cancels waiting and running calls, waits for their ends, stops the executors, and closes the journal.
    package func stop() async {
        let (waiting, running) = state.withLock { state in
            state.isStopping = true
            return (state.queue.removeWaiting(), state.runningInOrder.map(\.task))
        }
        for call in waiting { completeWithFollowers(call, .cancelled()) }
        for task in running { task.cancel() }
        for task in running { await task.value }
        let unfinished = state.withLock { state in state.unfinished.sorted { $0.key < $1.key }.map(\.value) }
        if !unfinished.isEmpty { _ = await CallExecution.awaitEnd(of: unfinished, in: environment) }
        await withTaskGroup { group in
            for executor in functions.compactMap(\.managed) { group.addTask { await executor.stop() } }
        }
        journal.detach(self)
        endSuccession()
    }
}

extension EventHandler where Self == FunctionCallHandler {
    /// Creates a handler that runs functions, for use at the call site. The timeout applies to each function; commands
    /// have their own.
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

/// The error for a function whose executor did not start.
package struct FunctionStartFailure: Error, CustomStringConvertible {
    let function: String
    let reason: String

    /// The function's name and the reason.
    package var description: String { "the function `\(function)`: \(reason)" }
}
