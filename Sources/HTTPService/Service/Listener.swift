import NIOCore
import NIOHTTP1
import NIOPosix

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The listening socket of a service. Everything here but `init` runs on the event loop.
///
/// It outlives errors of accepting: where descriptors ran out, it pauses; where the socket is lost, it opens another.
final class Listener {
    /// The pause after an error.
    private static let pause = TimeAmount.milliseconds(100)

    private let address: IPAddress
    /// The port to open; once it is known, the one that was asked for as 0.
    private var port: UInt16
    private let table: ConnectionTable
    private let loop: any EventLoop
    private let log: LimitedLog
    private var channel: (any Channel)?
    private var isClosed = false

    init(address: IPAddress, port: UInt16, table: ConnectionTable, loop: any EventLoop, log: LimitedLog) {
        self.address = address
        self.port = port
        self.table = table
        self.loop = loop
        self.log = log
    }

    /// Listens.
    ///
    /// - Returns: a future of the port; it fails with NIO's error when the address and port cannot be had.
    func open() throws -> EventLoopFuture<UInt16> {
        let bound = NIOLoopBound(self, eventLoop: loop)
        let bootstrap = ServerBootstrap(group: loop)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(AcceptErrors(bound.value))
                }
            }
            .childChannelOption(.autoRead, value: false)
            .childChannelOption(.maxMessagesPerRead, value: 1)
            .childChannelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 8 * 1024))
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try bound.value.prepare(channel) }
            }
        let address = try address.socketAddress(port: port)
        return PipeSignal.keepingDisposition { bootstrap.bind(to: address) }.assumeIsolated().map { channel in
            self.opened(channel)
            return self.port
        }.nonisolated()
    }

    /// Accepts no more connections.
    func close() -> EventLoopFuture<Void> {
        isClosed = true
        guard let channel else { return loop.makeSucceededVoidFuture() }
        channel.close(promise: nil)
        return channel.closeFuture
    }

    private func prepare(_ channel: any Channel) throws {
        let gate = RequestGate(table.options)
        let connection = HTTPConnection(table: table, gate: gate)
        gate.connection = connection
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldSize = max(table.options.maximumRequestLineBytes, table.options.maximumHeaderBytes)
        limits.maxHeaderListSize = table.options.maximumRequestLineBytes + table.options.maximumHeaderBytes
        limits.maxHeaderFieldCount = table.options.maximumHeaderCount
        let pipeline = channel.pipeline.syncOperations
        try pipeline.addHandlers([
            gate, HTTPResponseEncoder(),
            ByteToMessageHandler(HTTPRequestDecoder(limitConfiguration: limits)),
            connection,
        ])
        try keepFromChildren(channel)
    }

    private func opened(_ channel: any Channel) {
        self.channel = channel
        port = channel.localAddress?.port.map { UInt16($0) } ?? port
        try? keepFromChildren(channel)
        channel.closeFuture.assumeIsolated().whenComplete { _ in
            self.channel = nil
            if !self.isClosed { self.reopen() }
        }
    }

    /// NIO does not mark its sockets as close-on-exec.
    private func keepFromChildren(_ channel: any Channel) throws {
        try channel.pipeline.syncOperations.withUnsafeTransportIfAvailable(of: NIOBSDSocket.Handle.self) {
            OpenFiles.closeOnExec($0)
        }
    }

    /// The socket was lost to an error that NIO does not survive.
    private func reopen() {
        log.warning("the listening socket was lost; opening another", kind: "reopen")
        loop.assumeIsolated().scheduleTask(in: Self.pause) {
            guard !self.isClosed else { return }
            guard let opened = try? self.open() else { return self.reopen() }
            opened.assumeIsolated().whenFailure { _ in self.reopen() }
        }
    }

    /// Accepting failed, for lack of descriptors or memory, or because the client was gone already.
    fileprivate func acceptFailed(_ error: IOError, _ channel: any Channel) {
        if error.errnoCode == ECONNABORTED { return }
        log.warning("cannot accept a connection: \(String(cString: strerror(error.errnoCode)))", kind: "accept")
        // Our own idle connections may hold what is missing. Else reading goes on after a pause: the client in the queue would make
        // the error come again and again.
        if table.closeLongestWaiting() { return }
        channel.setOption(.autoRead, value: false).assumeIsolated().whenSuccess {
            self.loop.assumeIsolated().scheduleTask(in: Self.pause) {
                channel.setOption(.autoRead, value: true).whenFailure { _ in }
            }
        }
    }
}

/// Tells the listener of errors while accepting.
private final class AcceptErrors: ChannelInboundHandler {
    typealias InboundIn = any Channel

    private let listener: Listener

    init(_ listener: Listener) {
        self.listener = listener
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if let error = error as? IOError { listener.acceptFailed(error, context.channel) }
    }
}
