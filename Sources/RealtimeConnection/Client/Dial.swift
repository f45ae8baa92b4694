import ConfigSource
import HTTPService
import NIOCore
import NIOExtras
import NIOHTTP1
import NIOPosix
import NIOSSL
import Synchronization

/// One attempt to open a connection: name resolution, socket, proxy, TLS and handshake under one deadline.
final class Dial: Sendable {
    private struct State {
        var channel: (any Channel)?
        /// What the attempt is waiting for; part of the timeout's error text.
        var stage = "connecting"
        var isOver = false
    }

    private let url: WebSocketURL
    private let proxy: OutboundProxy?
    private let limits: WebSocketLimits
    private let loop: any EventLoop
    private let state = Mutex(State())

    init(url: WebSocketURL, proxy: OutboundProxy?, limits: WebSocketLimits, loop: any EventLoop) {
        self.url = url
        self.proxy = proxy?.holds(for: url) == true && url.isSecure ? proxy : nil
        self.limits = limits
        self.loop = loop
    }

    /// Opens the connection.
    ///
    /// - Parameter prepare: called once the channel is connected. It adds the handlers that speak to the server, which complete the promise.
    func open<Value: Sendable>(
        _ prepare: @escaping @Sendable (any Channel, EventLoopPromise<Value>) throws -> Void
    ) async throws -> Value {
        let opened = loop.makePromise(of: Value.self)
        let timer = loop.scheduleTask(in: TimeAmount(limits.handshakeTimeout)) { self.expire(opened) }
        connect(opened, prepare)
        return try await withTaskCancellationHandler {
            defer { timer.cancel() }
            do {
                let value = try await opened.futureResult.get()
                state.withLock { $0.isOver = true }
                return value
            } catch {
                end()
                throw error
            }
        } onCancel: {
            fail(opened, .cancelled)
        }
    }

    private func expire<Value>(_ opened: EventLoopPromise<Value>) {
        fail(opened, .timedOut("no answer within \(limits.handshakeTimeout.wholeSeconds) s while \(stage)"))
    }

    private var stage: String { state.withLock { $0.stage } }

    /// Fails the attempt; does nothing if it has succeeded already, unless it was cancelled.
    private func fail<Value>(_ opened: EventLoopPromise<Value>, _ failure: DialFailure) {
        opened.fail(failure)
        guard failure == .cancelled || !state.withLock({ $0.isOver }) else { return }
        end()
    }

    private func end() {
        let channel = state.withLock { state in
            state.isOver = true
            return state.channel
        }
        channel?.close(promise: nil)
    }

    private func connect<Value: Sendable>(
        _ opened: EventLoopPromise<Value>,
        _ prepare: @escaping @Sendable (any Channel, EventLoopPromise<Value>) throws -> Void
    ) {
        let (host, port) = proxy.map { ($0.host, $0.port) } ?? (url.host, url.port)
        state.withLock { $0.stage = "connecting to \(host):\(port)" }
        let bootstrap = ClientBootstrap(group: loop)
            .connectTimeout(TimeAmount(limits.handshakeTimeout))
            .channelOption(.socketOption(.tcp_nodelay), value: 1)
            .channelOption(.writeBufferWaterMark, value: limits.waterMark)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try OpenFiles.keepFromChildren(channel) }
            }
        PipeSignal.keepingDisposition { bootstrap.connect(host: host, port: port) }
            .flatMap { channel in self.tunnel(channel) }
            .whenComplete { result in
                do {
                    let channel = try result.get()
                    guard !self.state.withLock({ $0.isOver }) else { return channel.close(promise: nil) }
                    self.state.withLock { $0.stage = "waiting for \(self.url.host)'s answer to the handshake" }
                    try prepare(channel, opened)
                } catch let failure as DialFailure {
                    opened.fail(failure)
                } catch {
                    opened.fail(
                        DialFailure.unreachable("cannot connect to \(host):\(port): \(NetworkError.text(of: error))"))
                }
            }
    }

    /// Asks the HTTP proxy, if there is one, for a tunnel to the server.
    private func tunnel(_ channel: any Channel) -> EventLoopFuture<any Channel> {
        let isOver = state.withLock { state in
            state.channel = channel
            return state.isOver
        }
        guard !isOver else {
            channel.close(promise: nil)
            return loop.makeFailedFuture(DialFailure.cancelled)
        }
        guard let proxy else { return loop.makeSucceededFuture(channel) }
        state.withLock { $0.stage = "waiting for the proxy \(proxy.host):\(proxy.port)" }
        let host = url.host.contains(":") ? "[\(url.host)]" : url.host
        var headers = HTTPHeaders([("host", "\(host):\(url.port)")])
        if let authorization = proxy.authorization { headers.add(name: "proxy-authorization", value: authorization) }
        let done = loop.makePromise(of: Void.self)
        let connect = NIOHTTP1ProxyConnectHandler(
            targetHost: host, targetPort: url.port, headers: headers,
            deadline: .now() + TimeAmount(limits.handshakeTimeout), promise: done)
        let encoder = HTTPRequestEncoder()
        let decoder = ByteToMessageHandler(HTTPResponseDecoder(leftOverBytesStrategy: .forwardBytes))
        let answer = ProxyAnswer()
        do {
            try channel.pipeline.syncOperations.addHandlers([encoder, decoder, answer, connect])
        } catch {
            return loop.makeFailedFuture(error)
        }
        let handlers = NIOLoopBound((encoder: encoder, decoder: decoder, answer: answer), eventLoop: loop)
        return done.futureResult.flatMapErrorThrowing { error in
            throw DialFailure.unreachable(Self.proxyWords(error, handlers.value.answer.status, proxy))
        }.flatMap {
            let pipeline = channel.pipeline.syncOperations
            return pipeline.removeHandler(handlers.value.encoder).and(pipeline.removeHandler(handlers.value.decoder))
                .and(pipeline.removeHandler(handlers.value.answer)).map { _ in channel }
        }
    }

    private static func proxyWords(
        _ error: any Error, _ status: HTTPResponseStatus?, _ proxy: OutboundProxy
    ) -> String {
        let name = "the proxy \(proxy.host):\(proxy.port) (HTTPS_PROXY)"
        switch status {
        case .proxyAuthenticationRequired where proxy.authorization != nil:
            return "\(name) does not accept the user and password of HTTPS_PROXY"
        case .proxyAuthenticationRequired:
            return "\(name) wants a user and password: HTTPS_PROXY=http://user:password@\(proxy.host):\(proxy.port)"
        case let status? where !(200..<300).contains(status.code):
            return "\(name) answered \(status.code) \(status.reasonPhrase.cut(toUTF8Bytes: 100).printable)"
        default: break
        }
        switch error as? NIOHTTP1ProxyConnectHandler.Error {
        case nil: return "\(name) failed: \(NetworkError.text(of: error))"
        case .remoteConnectionClosed(): return "\(name) closed the connection"
        case .httpProxyHandshakeTimeout(): return "\(name) did not answer in time"
        default: return "\(name) did not connect: its response to CONNECT is invalid"
        }
    }
}

/// Keeps the status of a proxy's response, which the library's error does not contain.
private final class ProxyAnswer: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPClientResponsePart

    private(set) var status: HTTPResponseStatus?

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .head(let head) = unwrapInboundIn(data) { status = head.status }
        context.fireChannelRead(data)
    }
}
