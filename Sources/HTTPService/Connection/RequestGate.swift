import NIOCore

/// What a gate reports to: its connection.
protocol GatedConnection: AnyObject {
    /// The decoder is about to get bytes.
    func bytesPassed()
    /// The client closed its side.
    func inputClosed()
    /// The bytes that came are no request.
    func refuse(_ refusal: HTTPRefusal)
}

/// The first handler of a connection: passes bytes to the decoder as far as the connection wants them, and reads no others.
///
/// The event loop calls it, and the connection from there.
final class RequestGate: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private enum Mode {
        case open
        case held
        /// What comes is thrown away; so many bytes more are read.
        case discarding(Int)
    }

    /// What a client may have sent ahead while its request is answered. NIO reads it, unasked, when the client closes its side.
    private static let maximumHeldBytes = 64 * 1024

    var framing: RequestFraming
    /// The connection; it holds the gate.
    weak var connection: (any GatedConnection)?
    /// Whether the client closed its side.
    private(set) var inputIsClosed = false
    /// Whether a client sent so much ahead that some of it is lost.
    private(set) var isOverfull = false
    private var mode = Mode.held
    private var context: ChannelHandlerContext?
    private var isFeeding = false

    init(_ options: HTTPServiceOptions) {
        framing = RequestFraming(options)
    }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = Self.unwrapInboundIn(data)
        switch mode {
        case .discarding(let budget):
            mode = .discarding(budget - bytes.readableBytes)
        case .open, .held:
            if framing.heldBytes + bytes.readableBytes > Self.maximumHeldBytes {
                isOverfull = true
            } else {
                framing.append(bytes)
            }
        }
        feed()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case ChannelEvent.inputClosed = event else { return context.fireUserInboundEventTriggered(event) }
        inputIsClosed = true
        connection?.inputClosed()
    }

    /// Lets bytes pass, those that were held first.
    func open() {
        mode = .open
        feed()
    }

    /// Holds what comes, and reads no more.
    func hold() { mode = .held }

    /// Throws away what comes; reads so many bytes more.
    func discard(_ budget: Int) {
        mode = .discarding(budget)
        feed()
    }

    private func feed() {
        // What the decoder makes of a slice can come back here; the loop below goes on with it.
        guard !isFeeding else { return }
        isFeeding = true
        defer { isFeeding = false }
        while case .open = mode, let context {
            do throws(HTTPRefusal) {
                guard let slice = try framing.next() else { break }
                connection?.bytesPassed()
                context.fireChannelRead(Self.wrapInboundOut(slice))
            } catch {
                connection?.refuse(error)
            }
        }
        switch mode {
        case .open: context?.read()
        case .discarding(let budget) where budget > 0: context?.read()
        case .discarding, .held: break
        }
    }
}
