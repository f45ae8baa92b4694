import NIOCore

/// The connection to which a ``RequestGate`` reports.
protocol GatedConnection: AnyObject {
    /// Called before bytes are passed to the decoder.
    func bytesPassed()
    /// Called when the client has closed its side.
    func inputClosed()
    /// Called if the received bytes are not a valid request.
    func refuse(_ refusal: HTTPRefusal)
}

/// The first handler of a connection. It passes bytes to the decoder as long as the connection accepts them, and
/// otherwise reads none.
///
/// Used on the event loop only. It calls the connection there.
final class RequestGate: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private enum Mode {
        case open
        case held
        /// Received bytes are discarded, up to a number of bytes.
        case discarding(Int)
    }

    /// The number of bytes that a client may send ahead while its request is answered. NIO reads them, although reading
    /// is off, when the client closes its side.
    private static let maximumHeldBytes = 64 * 1024

    var framing: RequestFraming
    /// The connection, which owns the gate.
    weak var connection: (any GatedConnection)?
    /// Whether the client has closed its side.
    private(set) var inputIsClosed = false
    /// Whether the client has sent too many bytes ahead, so that some were discarded.
    private(set) var hasOverflowed = false
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
                hasOverflowed = true
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

    /// Passes bytes to the decoder, first those that were held.
    func open() {
        mode = .open
        feed()
    }

    /// Holds received bytes, and stops reading.
    func hold() { mode = .held }

    /// Discards received bytes, and reads up to `budget` more.
    func discard(_ budget: Int) {
        mode = .discarding(budget)
        feed()
    }

    private func feed() {
        // Passing bytes to the decoder can call this function again; the loop below continues then.
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
