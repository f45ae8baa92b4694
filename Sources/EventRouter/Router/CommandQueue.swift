public import RealtimeEvents
import RealtimeSession
import Synchronization

/// What handlers want from their session: no handler ever waits for it.
///
/// Outcomes of calls are always taken; there are no more of them than calls. Of client events only so many may wait.
final class CommandQueue: Sendable {
    private static let capacity = 4096

    /// A command, and the handler that has it, where that is known.
    struct Entry: Sendable {
        let command: SessionWish
        let origin: EventOrigin
        var isSend: Bool { command.isSend }
    }

    private struct State {
        var commands: [Entry] = []
        /// Client events that were left here, before `commands`.
        var sends: [Entry] = []
        var isClosed = false
    }

    private let state = Mutex(State())
    private let refused = Atomic<Int>(0)
    /// Whether anything is here, and whether something is here that need not wait until client events have gone out.
    private let hasCommands = Atomic<Bool>(false)
    private let hasUrgent = Atomic<Bool>(false)
    private let signal: SessionSignal

    init(signal: SessionSignal) {
        self.signal = signal
    }

    /// A cheap look, for the check between two events.
    var isEmpty: Bool { !hasCommands.load(ordering: .acquiring) }
    var isUrgent: Bool { hasUrgent.load(ordering: .acquiring) }

    /// How many client events found no room.
    var refusedCount: Int { refused.load(ordering: .relaxed) }

    func put(_ command: SessionWish) {
        let entry = Entry(command: command, origin: CallingHandler.origin ?? EventOrigin(.handler))
        let isTaken = state.withLock { state in
            if command.isSend, state.commands.count + state.sends.count >= Self.capacity { return false }
            // Nobody takes it any more.
            guard !state.isClosed else { return false }
            state.commands.append(entry)
            return true
        }
        guard isTaken else {
            if command.isSend { refused.add(1, ordering: .relaxed) }
            return
        }
        wakeLoop()
    }

    /// Makes the session attend to what is not in the inbox, between two events.
    func wakeLoop() {
        hasCommands.store(true, ordering: .releasing)
        hasUrgent.store(true, ordering: .releasing)
        signal.raise()
    }

    /// Takes what is here.
    ///
    /// - Parameter withSends: whether to take client events, too. They keep their order among themselves.
    func take(withSends: Bool) -> [Entry] {
        hasCommands.store(false, ordering: .releasing)
        hasUrgent.store(false, ordering: .releasing)
        let (taken, isLeft) = state.withLock { state -> ([Entry], Bool) in
            defer { state.commands = [] }
            guard withSends || !state.commands.contains(where: \.isSend) else {
                state.sends += state.commands.filter(\.isSend)
                return (state.commands.filter { !$0.isSend }, true)
            }
            guard withSends else { return (state.commands, !state.sends.isEmpty) }
            defer { state.sends = [] }
            return (state.sends + state.commands, false)
        }
        if isLeft { hasCommands.store(true, ordering: .releasing) }
        return taken
    }

    /// The session is over.
    func close() {
        state.withLock { state in
            state.isClosed = true
            state.commands = []
            state.sends = []
        }
    }
}

extension SessionWish {
    fileprivate var isSend: Bool { if case .send = self { true } else { false } }
}

/// What a handler wants of its session.
public enum SessionWish: Sendable {
    /// A client event is to go to the model.
    case send(ClientEvent)
    /// The model is to respond.
    case requestResponse
    /// The model is to say something while a function call runs, as these parameters have it.
    case speak(ResponseParameters, whileWaitingFor: CallReference)
    /// A function call has its outcome.
    case complete(FunctionCallOutcome)
}

/// The handler that the current task calls: what it sends to its session is tied to it.
enum CallingHandler {
    /// Nil outside of a handler's tasks. Tasks that a handler begins have it too, unless they are detached.
    @TaskLocal static var origin: EventOrigin?
}
