public import RealtimeEvents
import RealtimeSession
import Synchronization

/// The queue of handlers' commands to their session. Handlers never wait for it.
///
/// Outcomes of calls are always accepted; their number is bounded by that of calls. The number of waiting client events
/// is limited.
final class CommandQueue: Sendable {
    private static let capacity = 4096

    /// A command and its origin.
    struct Entry: Sendable {
        let command: SessionCommand
        let origin: EventOrigin
        var isSend: Bool { command.isSend }
    }

    private struct State {
        var commands: [Entry] = []
        /// Client events that ``take(withSends:)`` left in the queue. They precede ``commands``.
        var sends: [Entry] = []
        var isClosed = false
    }

    private let state = Mutex(State())
    private let refused = Atomic<Int>(0)
    /// Whether the queue has commands. An atomic, because it is checked between events.
    private let hasCommands = Atomic<Bool>(false)
    /// Whether the queue has commands that need not wait until client events have been sent.
    private let hasUrgent = Atomic<Bool>(false)
    private let signal: SessionSignal

    init(signal: SessionSignal) {
        self.signal = signal
    }

    /// Whether the queue is empty. Cheap, because it is checked between events.
    var isEmpty: Bool { !hasCommands.load(ordering: .acquiring) }
    var isUrgent: Bool { hasUrgent.load(ordering: .acquiring) }

    /// The number of client events that did not fit.
    var refusedCount: Int { refused.load(ordering: .relaxed) }

    func put(_ command: SessionCommand) {
        let entry = Entry(command: command, origin: CallingHandler.origin ?? EventOrigin(.handler))
        let isTaken = state.withLock { state in
            if command.isSend, state.commands.count + state.sends.count >= Self.capacity { return false }
            // The session is over: nothing will take it.
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

    /// Wakes the session's loop between two events, for work that is not in the queue.
    func wakeLoop() {
        hasCommands.store(true, ordering: .releasing)
        hasUrgent.store(true, ordering: .releasing)
        signal.raise()
    }

    /// Removes and returns the commands.
    ///
    /// - Parameter withSends: Whether to include client events, which keep their order.
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

    /// Empties the queue and accepts no more commands.
    func close() {
        state.withLock { state in
            state.isClosed = true
            state.commands = []
            state.sends = []
        }
    }
}

extension SessionCommand {
    fileprivate var isSend: Bool { if case .send = self { true } else { false } }
}

/// A handler's command to its session.
public enum SessionCommand: Sendable {
    /// Send a client event.
    case send(ClientEvent)
    /// Request a response from the model.
    case requestResponse
    /// Make the model say something while a function call runs, with these parameters.
    case speak(ResponseParameters, whileWaitingFor: CallReference)
    /// Complete a function call.
    case complete(FunctionCallOutcome)
}

/// The handler that is running in the current task. Client events that it sends are attributed to it.
enum CallingHandler {
    /// The handler, as an origin; nil outside of a handler's tasks. Child tasks inherit it, detached tasks do not.
    @TaskLocal static var origin: EventOrigin?
}
