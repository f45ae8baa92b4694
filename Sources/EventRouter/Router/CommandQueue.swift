public import RealtimeEvents
import RealtimeSession
import Synchronization

/// What handlers want from their session: no handler ever waits for it.
///
/// Outcomes of calls are always taken; there are no more of them than calls. Of client events only so many may wait.
final class SessionInbox: Sendable {
    private static let capacity = 4096

    /// A wish, and the handler that has it, where that is known.
    struct Entry: Sendable {
        let wish: SessionWish
        let origin: EventOrigin
        var isSend: Bool { wish.isSend }
    }

    private struct State {
        var wishes: [Entry] = []
        /// Client events that were left here, before `wishes`.
        var sends: [Entry] = []
        var isClosed = false
    }

    private let state = Mutex(State())
    private let refused = Atomic<Int>(0)
    /// Whether anything is here, and whether something is here that need not wait until client events have gone out.
    private let hasWishes = Atomic<Bool>(false)
    private let hasUrgent = Atomic<Bool>(false)
    private let signal: SessionSignal

    init(signal: SessionSignal) {
        self.signal = signal
    }

    /// A cheap look, for the check between two events.
    var isEmpty: Bool { !hasWishes.load(ordering: .acquiring) }
    var isUrgent: Bool { hasUrgent.load(ordering: .acquiring) }

    /// How many client events found no room.
    var refusedCount: Int { refused.load(ordering: .relaxed) }

    func put(_ wish: SessionWish) {
        let entry = Entry(wish: wish, origin: CallingHandler.origin ?? EventOrigin(.handler))
        let isTaken = state.withLock { state in
            if wish.isSend, state.wishes.count + state.sends.count >= Self.capacity { return false }
            // Nobody takes it any more.
            guard !state.isClosed else { return false }
            state.wishes.append(entry)
            return true
        }
        guard isTaken else {
            if wish.isSend { refused.add(1, ordering: .relaxed) }
            return
        }
        callLoop()
    }

    /// Makes the session attend to what is not in the inbox, between two events.
    func callLoop() {
        hasWishes.store(true, ordering: .releasing)
        hasUrgent.store(true, ordering: .releasing)
        signal.raise()
    }

    /// Takes what is here.
    ///
    /// - Parameter withSends: whether to take client events, too. They keep their order among themselves.
    func take(withSends: Bool) -> [Entry] {
        hasWishes.store(false, ordering: .releasing)
        hasUrgent.store(false, ordering: .releasing)
        let (taken, isLeft) = state.withLock { state -> ([Entry], Bool) in
            defer { state.wishes = [] }
            guard withSends || !state.wishes.contains(where: \.isSend) else {
                state.sends += state.wishes.filter(\.isSend)
                return (state.wishes.filter { !$0.isSend }, true)
            }
            guard withSends else { return (state.wishes, !state.sends.isEmpty) }
            defer { state.sends = [] }
            return (state.sends + state.wishes, false)
        }
        if isLeft { hasWishes.store(true, ordering: .releasing) }
        return taken
    }

    /// The session is over.
    func close() {
        state.withLock { state in
            state.isClosed = true
            state.wishes = []
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
