import EventRouter
import NIOCore

/// What a proxy counts for those who watch it.
struct ProxyFigures: Sendable {
    private let figures: SourceFigures
    /// Requests that passed unread.
    let unread: SourceCounter
    /// Messages of which the router saw no audio, as too much waited for it.
    let droppedPayloads: SourceCounter
    /// Messages that passed and that the router did not see, as too much waited for it.
    let unrouted: SourceCounter
    /// Outputs of clients for calls of the router's functions.
    let swallowedOutputs: SourceCounter
    /// The time from the arrival of a message to the moment in which the other side's socket has it.
    private let latency: SourceHistogram

    init(_ figures: SourceFigures) {
        self.figures = figures
        unread = figures.counter("unread_requests_total")
        droppedPayloads = figures.counter("dropped_payloads_total")
        unrouted = figures.counter("unrouted_messages_total")
        swallowedOutputs = figures.counter("swallowed_outputs_total")
        latency = figures.histogram("added_latency_seconds")
    }

    /// A client's handshake was answered with this status.
    func refused(_ status: Int) { figures.counter("refused_handshakes_total", ["status": "\(status)"]).add() }

    /// The messages of which the latency is measured: one in so many.
    static let sample = 16

    /// A message that came at a moment is with the other side's socket.
    func passed(since arrival: NIODeadline) {
        latency.observe(Double((NIODeadline.now() - arrival).nanoseconds) / 1e9)
    }

    /// What became of a message that was shown to the router.
    func shown(_ receipt: SessionReceipt) {
        switch receipt {
        case .taken, .sessionEnded: break
        case .takenWithoutAudio: droppedPayloads.add()
        case .full: unrouted.add()
        }
    }
}
