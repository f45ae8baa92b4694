package import NIOCore
package import NIOPosix

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A listening socket. Everything here but `init` runs on the event loop.
///
/// It outlives errors of accepting: where descriptors ran out, it pauses; where the socket is lost, it opens another.
package final class Listener {
    /// The pause after an error.
    private static let pause = TimeAmount.milliseconds(100)

    private let address: IPAddress
    /// The port to open; once it is known, the one that was asked for as 0.
    private var port: UInt16
    private let loop: any EventLoop
    private let children: any EventLoopGroup
    private let log: LimitedLog
    private let prepare: (ServerBootstrap) -> ServerBootstrap
    private let makeRoom: () -> Bool
    private var channel: (any Channel)?
    private var isClosed = false

    /// - Parameters:
    ///   - children: the event loops of the accepted connections.
    ///   - prepare: sets up accepted connections: their options and handlers.
    ///   - makeRoom: closes a connection to free its descriptor; returns false if there is none to close.
    package init(
        address: IPAddress, port: UInt16, loop: any EventLoop, children: any EventLoopGroup, log: LimitedLog,
        prepare: @escaping (ServerBootstrap) -> ServerBootstrap, makeRoom: @escaping () -> Bool
    ) {
        self.address = address
        self.port = port
        self.loop = loop
        self.children = children
        self.log = log
        self.prepare = prepare
        self.makeRoom = makeRoom
    }

    /// Listens.
    ///
    /// - Returns: a future of the port; it fails with NIO's error when the address and port cannot be had.
    package func open() throws -> EventLoopFuture<UInt16> {
        let bound = NIOLoopBound(self, eventLoop: loop)
        let bootstrap = prepare(
            ServerBootstrap(group: loop, childGroup: children)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .serverChannelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(AcceptErrors(bound.value))
                    }
                })
        let address = try address.socketAddress(port: port)
        return PipeSignal.keepingDisposition { bootstrap.bind(to: address) }.assumeIsolated().map { channel in
            self.opened(channel)
            return self.port
        }.nonisolated()
    }

    /// Accepts no more connections.
    package func close() -> EventLoopFuture<Void> {
        isClosed = true
        guard let channel else { return loop.makeSucceededVoidFuture() }
        channel.close(promise: nil)
        return channel.closeFuture
    }

    private func opened(_ channel: any Channel) {
        self.channel = channel
        port = channel.localAddress?.port.map { UInt16($0) } ?? port
        try? OpenFiles.keepFromChildren(channel)
        channel.closeFuture.assumeIsolated().whenComplete { _ in
            self.channel = nil
            if !self.isClosed { self.reopen() }
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
        if makeRoom() { return }
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
