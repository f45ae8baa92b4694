import NIOCore
import NIOEmbedded
import NIOSSL
import NIOWebSocket
import Testing

@testable import RealtimeConnection

/// Orders of events that real sockets show only by chance, on a channel and with a time of the test's.
@Suite struct HandshakeRaceTests {
    private func buffer(_ text: String) -> ByteBuffer { ByteBuffer(string: text) }

    @Test("What a client sends behind a handshake that was refused is dropped")
    func refusedHandshake_keepsNothing() throws {
        let channel = EmbeddedChannel()
        let pipeline = channel.pipeline.syncOperations
        try ServerHandshake.add(to: pipeline, limits: WebSocketLimits(), isAdmitted: false) { _ in
            .refuse(status: 500, "not asked")
        }
        let splitter = try pipeline.handler(type: HandshakeSplitter.self)
        try channel.writeInbound(buffer("GET / HTTP/1.1\r\nHost: h\r\n\r\nbehind it"))
        try channel.writeInbound(buffer(String(repeating: "x", count: 100_000)))
        #expect(splitter.heldBytes == 0)
        let answer = try #require(try channel.readOutbound(as: ByteBuffer.self))
        #expect(String(buffer: answer).hasPrefix("HTTP/1.1 503 "))
        channel.embeddedEventLoop.advanceTime(by: .seconds(10))
        #expect(!channel.isActive)
        _ = try? channel.finish()
    }

    @Test("An answer to a handshake that was given up opens nothing")
    func givenUpHandshake_opensNothing() throws {
        let channel = EmbeddedChannel()
        let inbox = Inbox()
        let opened = channel.embeddedEventLoop.makePromise(of: WebSocket.self)
        let request = ClientHandshake.Request(target: "/", host: "h", headers: [], subprotocols: [])
        try ClientHandshake.add(request, to: channel.pipeline.syncOperations, WebSocketLimits(), inbox, opened)
        let sent = String(buffer: try #require(try channel.readOutbound(as: ByteBuffer.self)))
        let key = String(try #require(sent.firstMatch(of: /(?i)sec-websocket-key: (\S+)/)).1)
        opened.fail(DialFailure.cancelled)
        let answer =
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: \(HandshakeKey.accept(key))\r\n\r\n"
        try channel.writeInbound(buffer(answer))
        #expect(!inbox.isOpened)
        _ = try? channel.finish()
        #expect(inbox.end == nil)
    }

    /// A client's connection.
    private func open(_ inbox: Inbox, _ limits: WebSocketLimits = WebSocketLimits()) throws -> (
        channel: EmbeddedChannel, handler: WebSocketHandler
    ) {
        let channel = EmbeddedChannel()
        let handler = WebSocketHandler(isClient: true, limits: limits, receiver: inbox)
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        try channel.pipeline.syncOperations.addHandlers([
            ByteToMessageHandler(WebSocketFrameDecoder(maxFrameSize: limits.maximumMessageBytes)), handler,
        ])
        return (channel, handler)
    }

    @Test("A frame that takes long to come is a sign of life; silence in the middle of one is not")
    func slowFrame_isASignOfLife() throws {
        let inbox = Inbox()
        let (channel, _) = try open(inbox)
        let text = String(repeating: "x", count: 100)
        for byte in frame(text) {
            try channel.writeInbound(ByteBuffer(bytes: [byte]))
            channel.embeddedEventLoop.advanceTime(by: .seconds(15))
        }
        #expect(inbox.messages == [text] && inbox.end == nil)
        try channel.writeInbound(ByteBuffer(bytes: frame(text).dropLast()))
        channel.embeddedEventLoop.advanceTime(by: .seconds(60))
        #expect(inbox.end == .silent(.seconds(40)))
        _ = try? channel.finish()
    }

    @Test("A close of ours stays one when the peer ends the connection without a close frame")
    func closing_survivesTheConnection() throws {
        let ends: [(EmbeddedChannel) -> Void] = [
            { $0.pipeline.fireErrorCaught(NIOSSLError.uncleanShutdown) }, { $0.pipeline.fireChannelInactive() },
        ]
        for end in ends {
            let inbox = Inbox()
            let (channel, handler) = try open(inbox)
            handler.close(code: 1000, reason: "")
            #expect(inbox.end == nil)
            end(channel)
            #expect(inbox.end == .local(code: 1000))
            _ = try? channel.finish()
        }
    }

    @Test("A connection that has ended does not hold its receiver")
    func ended_letsGoOfTheReceiver() throws {
        weak var line: ServerConnection?
        let channel = try {
            let receiver = ServerConnection(isSideband: false)
            line = receiver
            let channel = EmbeddedChannel()
            try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
            try channel.pipeline.syncOperations.addHandler(
                WebSocketHandler(isClient: true, limits: WebSocketLimits(), receiver: receiver))
            return channel
        }()
        #expect(line != nil)
        _ = try? channel.finish()
        #expect(line == nil)
    }
}
