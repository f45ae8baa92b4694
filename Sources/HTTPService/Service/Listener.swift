package import NIOCore
package import NIOPosix

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A listening socket. All members except `init` are used on the event loop only.
///
/// It survives errors while accepting connections: if there are no free descriptors, it pauses; if the socket is lost,
/// it opens another socket.
package final class Listener {
    /// The pause after an error.
    private static let pause = TimeAmount.milliseconds(100)

    private let address: IPAddress
    /// The port to open. If it was 0, the chosen port once that is known.
    private var port: UInt16
    private let loop: any EventLoop
    private let children: any EventLoopGroup
    private let log: LimitedLog
    private let prepare: (ServerBootstrap) -> ServerBootstrap
    private let makeRoom: () -> Bool
    private var channel: (any Channel)?
    private var isClosed = false

    /// Creates a listener; does not open the socket.
    ///
    /// - Parameters:
    ///   - children: The event loops of the accepted connections.
    ///   - prepare: Configures accepted connections: their options and handlers.
    ///   - makeRoom: Closes a connection to free its descriptor; returns false if there is none to close.
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

    /// Starts listening.
    ///
    /// - Returns: A future of the port, which fails with NIO's error if the address and port are not available.
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

    /// Stops accepting connections.
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

    /// Opens another socket after NIO has closed the old one because of an error.
    private func reopen() {
        log.warning("the listening socket was lost; opening another", kind: "reopen")
        loop.assumeIsolated().scheduleTask(in: Self.pause) {
            guard !self.isClosed else { return }
            guard let opened = try? self.open() else { return self.reopen() }
            opened.assumeIsolated().whenFailure { _ in self.reopen() }
        }
    }

    /// Handles a failure to accept a connection, for lack of descriptors or memory, or because the client has
    /// disconnected.
    fileprivate func acceptFailed(_ error: IOError, _ channel: any Channel) {
        if error.errnoCode == ECONNABORTED { return }
        log.warning("cannot accept a connection: \(String(cString: strerror(error.errnoCode)))", kind: "accept")
        // Closing an idle connection may free a descriptor. Otherwise, reading continues after a pause, because the
        // client in the queue would cause the error again and again.
        if makeRoom() { return }
        channel.setOption(.autoRead, value: false).assumeIsolated().whenSuccess {
            self.loop.assumeIsolated().scheduleTask(in: Self.pause) {
                channel.setOption(.autoRead, value: true).whenFailure { _ in }
            }
        }
    }
}

/// Reports errors of accepting to the listener.
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
