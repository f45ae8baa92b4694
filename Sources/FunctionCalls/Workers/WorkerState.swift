import EventRouter
import LocalCommands

/// What is known of a worker at a moment, as a value: whether it runs, the calls that it owes an answer, and how it fared.
struct WorkerState {
    /// How a call ended for the one that waits for it.
    enum Ending: Sendable {
        case answered(WorkerMessage.Answer)
        case timedOut
        case cancelled
        /// The worker ended first.
        case lost(WorkerLoss)
    }

    /// A call that was given to the worker.
    struct Pending {
        let ending: FirstValue<Ending>
        /// How many answers had come when it was given.
        let answersBefore: Int
    }

    enum Phase {
        /// Nobody keeps it alive.
        case stopped
        case running(LineConversation)
        /// It ended, and is not started again before some time has passed.
        case resting(WorkerLoss)
    }

    var phase = Phase.stopped
    var isStopping = false
    var pending: [Int: Pending] = [:]
    /// Why the router ended the worker; nil when it did not.
    private var cause: String?
    private var said = WorkerTrouble()
    private var nextID = 1
    private var answers = 0
    /// How often it ended in a row without an answer in between.
    private var losses = 0

    /// Counts a call, and gives the number by which its answer is known.
    mutating func add(_ ending: FirstValue<Ending>) -> Int {
        defer { nextID += 1 }
        pending[nextID] = Pending(ending: ending, answersBefore: answers)
        return nextID
    }

    /// Takes a line of the worker in.
    mutating func take(_ line: [UInt8]) {
        guard let (id, answer) = WorkerMessage.answer(line) else { return said.note(notAnAnswer: line) }
        guard let call = pending.removeValue(forKey: id) else {
            return said.note(
                id < nextID && id > 0
                    ? "an answer to call \(id), for which nobody waits" : "an answer to call \(id), which there is not")
        }
        answers += 1
        losses = 0
        call.ending.give(.answered(answer))
    }

    mutating func take(standardError bytes: [UInt8]) { said.append(bytes) }

    /// What the worker said beside answers since this was last asked.
    mutating func takeTrouble() -> String? { said.take() }

    /// Nobody waits for the call any more.
    mutating func giveUp(_ id: Int) { pending[id] = nil }

    /// The call's time has passed.
    ///
    /// - Returns: the conversation to end, when the worker is stuck: it answered nothing since the call was given to it.
    mutating func timeOut(_ id: Int, after timeout: String) -> LineConversation? {
        guard let call = pending.removeValue(forKey: id), call.answersBefore == answers else { return nil }
        return end(because: "it answered nothing for \(timeout)")
    }

    /// Notes why the router ends the worker.
    ///
    /// - Returns: the conversation to end, when it runs.
    mutating func end(because cause: String) -> LineConversation? {
        guard case .running(let conversation) = phase else { return nil }
        self.cause = cause
        return conversation
    }

    /// The worker has ended.
    ///
    /// - Returns: how long it is not started again.
    mutating func lose(_ loss: WorkerLoss) -> Duration {
        losses += 1
        let pause = Self.pause(afterLosses: losses)
        let loss = WorkerLoss(loss, restartsAfter: pause)
        for call in pending.values { call.ending.give(.lost(loss)) }
        pending = [:]
        phase = .resting(loss)
        return pause
    }

    /// Why the router ended the worker that has ended.
    mutating func takeCause() -> String? {
        defer { cause = nil }
        return cause
    }

    /// None after the first, then 200 ms, and twice as long each time, up to 30 s.
    static func pause(afterLosses losses: Int) -> Duration {
        losses < 2 ? .zero : min(.milliseconds(200) * (1 << min(losses - 2, 10)), .seconds(30))
    }
}
