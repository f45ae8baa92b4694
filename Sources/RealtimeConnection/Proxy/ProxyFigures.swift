import EventRouter
import NIOCore

/// The metrics of a proxy.
struct ProxyFigures: Sendable {
    private let figures: SourceMetrics
    /// Requests that were forwarded without being parsed.
    let unread: SourceCounter
    /// Messages that the router got without their audio, because its queue was too long.
    let droppedPayloads: SourceCounter
    /// Messages that passed through the proxy but not through the router, because the router's queue was full.
    let unrouted: SourceCounter
    /// Client outputs for calls of the router's functions, which the proxy does not pass on.
    let swallowedOutputs: SourceCounter
    /// The time from the arrival of a message until the other side's socket accepts it.
    private let latency: SourceHistogram

    init(_ figures: SourceMetrics) {
        self.figures = figures
        unread = figures.counter("unread_requests_total")
        droppedPayloads = figures.counter("dropped_payloads_total")
        unrouted = figures.counter("unrouted_messages_total")
        swallowedOutputs = figures.counter("swallowed_outputs_total")
        latency = figures.histogram("added_latency_seconds")
    }

    /// Counts a handshake that was refused with a status.
    func refused(_ status: Int) { figures.counter("refused_handshakes_total", ["status": "\(status)"]).add() }

    /// The latency is measured for one in this many messages.
    static let sample = 16

    /// Records the latency of a message that arrived at a time, and that the other side's socket has now accepted.
    func passed(since arrival: NIODeadline) {
        latency.observe(Double((NIODeadline.now() - arrival).nanoseconds) / 1e9)
    }

    /// Counts how the router received a message.
    func count(_ receipt: SessionReceipt) {
        switch receipt {
        case .taken, .sessionEnded: break
        case .takenWithoutAudio: droppedPayloads.add()
        case .full: unrouted.add()
        }
    }
}
