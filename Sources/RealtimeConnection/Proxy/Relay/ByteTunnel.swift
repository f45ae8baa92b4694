import NIOCore
import NIOSSL
import NIOTLS

/// A connection to an upstream server that forwards a client's request and all following bytes without parsing them. It serves plain HTTP
/// requests, and paths with other protocols than Realtime.
///
/// The upstream connection is open when the tunnel is created. The server that accepts the client adds `clientEnd` to the client's
/// connection, on the same event loop.
public final class ByteTunnel: Sendable {
    /// How long a tunnel may be idle in both directions before it is closed.
    static let idleLimit = TimeAmount.minutes(5)

    private let upstream: NIOLoopBound<TunnelEnd>
    private let channel: any Channel

    private init(_ upstream: TunnelEnd, _ channel: any Channel) {
        self.upstream = NIOLoopBound(upstream, eventLoop: channel.eventLoop)
        self.channel = channel
    }

    /// Whether the upstream connection is open.
    var isOpen: Bool { channel.isActive }

    /// Opens the upstream connection, and sends the request's header.
    ///
    /// - Parameter onEnd: called when the opened tunnel has ended.
    static func open(
        _ header: ByteBuffer, to url: WebSocketURL, _ trust: TrustRoots, _ dial: Dial,
        onEnd: @escaping @Sendable () -> Void
    ) async throws(DialFailure) -> ByteTunnel {
        do {
            let tls = url.isSecure ? try NIOSSLContext(configuration: try trust.clientConfiguration()) : nil
            return try await dial.open { channel, opened in
                let pipeline = channel.pipeline.syncOperations
                if let tls { try pipeline.addHandler(TLSClient.handler(tls, host: url.host)) }
                let end = TunnelEnd(header: header)
                let tunnel = ByteTunnel(end, channel)
                end.opened = { result in
                    if case .success = result { channel.closeFuture.whenComplete { _ in onEnd() } }
                    opened.completeWith(result.map { tunnel })
                }
                try pipeline.addHandler(end)
                if tls == nil { end.sendHeader() }
            }
        } catch let failure as DialFailure {
            throw failure
        } catch {
            throw .unreachable(NetworkError.text(of: error))
        }
    }

    /// The client's end of the tunnel, for the client's connection. Only on the event loop.
    var clientEnd: any ChannelHandler {
        let end = TunnelEnd()
        end.partner = upstream.value
        return end
    }

    /// Closes the tunnel after forwarding the received bytes.
    func close() { channel.eventLoop.execute { [upstream] in upstream.value.close() } }
}

/// One end of a tunnel: the partner writes what this end's connection reads.
private final class TunnelEnd: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    weak var partner: TunnelEnd?
    /// Called once, with whether the connection was opened.
    var opened: ((Result<Void, any Error>) -> Void)?
    /// The first bytes to send; nil for the client's end.
    private let header: ByteBuffer?
    private var context: ChannelHandlerContext?
    private var idleTimer: Scheduled<Void>?
    /// The bytes that arrived before there was a partner.
    private var pendingBytes: [ByteBuffer] = []
    private var hasEnded = false

    init(header: ByteBuffer? = nil) { self.header = header }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        context.channel.setOption(.autoRead, value: false).whenFailure { _ in }
        resetIdleTimer(context)
        partner?.join(self)
        context.read()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        idleTimer?.cancel()
        self.context = nil
    }

    /// Sends the header on the opened connection.
    func sendHeader() {
        if let header { context?.writeAndFlush(wrapOutboundOut(header), promise: nil) }
        reportOpened(.success(()))
    }

    private func reportOpened(_ result: Result<Void, any Error>) {
        let opened = self.opened
        self.opened = nil
        opened?(result)
    }

    /// Sets the partner, and forwards the bytes that arrived before.
    private func join(_ partner: TunnelEnd) {
        self.partner = partner
        writePending()
        if hasEnded { partner.close() } else { context?.read() }
    }

    private func writePending() {
        guard let partner, !pendingBytes.isEmpty else { return }
        for bytes in pendingBytes { partner.write(bytes) }
        pendingBytes = []
        partner.context?.flush()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .handshakeCompleted? = event as? TLSUserEvent { sendHeader() }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        resetIdleTimer(context)
        let bytes = unwrapInboundIn(data)
        if let partner { partner.write(bytes) } else { pendingBytes.append(bytes) }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        // During the TLS handshake there is no partner yet, and reading must continue.
        guard let partner else { return opened == nil ? () : context.read() }
        partner.context?.flush()
        if partner.isWritable { context.read() }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { partner?.context?.read() }
    }

    func channelInactive(context: ChannelHandlerContext) {
        hasEnded = true
        reportOpened(.failure(DialFailure.unreachable("the server closed the connection during the handshake")))
        partner?.close()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        let text = NetworkError.text(of: error)
        reportOpened(.failure(NetworkError.isOfCertificate(error) ? DialFailure.untrusted(text) : .unreachable(text)))
        context.close(promise: nil)
    }

    private var isWritable: Bool { context?.channel.isWritable ?? false }

    private func write(_ bytes: ByteBuffer) {
        guard let context else { return }
        resetIdleTimer(context)
        context.write(wrapOutboundOut(bytes), promise: nil)
    }

    /// Closes the connection after sending the written bytes.
    func close() {
        guard let context else { return }
        context.writeAndFlush(wrapOutboundOut(ByteBuffer())).assumeIsolated().whenComplete { _ in
            context.close(promise: nil)
        }
    }

    private func resetIdleTimer(_ context: ChannelHandlerContext) {
        idleTimer?.cancel()
        idleTimer = context.eventLoop.assumeIsolated().scheduleTask(in: ByteTunnel.idleLimit) {
            context.close(promise: nil)
        }
    }
}
