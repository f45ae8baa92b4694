import EventJSON
import EventRouter
import NIOCore
import RawPeers
import RealtimeEvents
import RouterTesting
import Testing

@testable import RealtimeConnection

/// What becomes of client events that went out and that the server has not confirmed when the connection is lost.
@Suite(.timeLimit(.minutes(1)))
struct UnconfirmedEventsTests {
    /// Runs a sideband with a handler that answers calls, against a server that writes bytes.
    private func sideband(
        _ server: RawServer, _ watcher: MemoryHandler, _ handler: any EventHandler = Answers()
    ) async throws -> RunReport {
        var options = ConnectOptions { nil }
        options.url = server.url
        options.callID = "rtc_1"
        options.variable = { _ in nil }
        options.reconnect.initialDelay = .milliseconds(2)
        options.reconnect.maximumDelay = .milliseconds(4)
        let router = Router(
            try RouteTable(
                handlers: [HandlerBinding("watch", watcher), HandlerBinding("calls", handler)],
                routes: [Route("watch", to: ["watch"]), Route("calls", to: ["calls"])]))
        try await router.start()
        let report = try await router.run(ConnectSource(options))
        await router.stop()
        return report
    }

    private static func watcher() -> MemoryHandler {
        MemoryHandler(interests: [.routerErrorRaised, .routerFunctionCallDone])
    }

    private static func lines(_ events: [String]) -> [UInt8] { events.flatMap { frame($0) } }

    @Test("An output that was on its way when a sideband was reset is sent again, as the same item")
    func reset_sendsOutputAgain() async throws {
        let server = try RawServer()
        let sent = Collected<JSONValue>()
        let served = Task {
            try await blocking {
                for number in 1...2 {
                    let client = server.accept()
                    client.send(
                        client.accepted() + (number == 1 ? Self.lines(Wire.call("c1")) : frame(Wire.text("on"))))
                    // Nothing is answered, so whether it was read is not known.
                    while sent.elements.count < number * 2, let next = client.frame() {
                        if next.opcode == 1, let json = try? JSONValue(parsing: next.data) { sent.append(json) }
                    }
                    client.reset()
                }
                server.accept().refuse(404)
            }
        }
        let report = try await sideband(server, Self.watcher())
        try await served.value
        let items = sent.elements.map { $0["item"]?["id"]?.string }
        #expect(
            sent.elements.map { $0["type"]?.string } == [
                "conversation.item.create", "response.create", "conversation.item.create", "response.create",
            ])
        #expect(items[0]?.hasPrefix("rr_") == true && items[0]?.utf8.count == 19 && items[2] == items[0])
        #expect(
            sent.elements.map { $0["event_id"]?.string }
                == Array(
                    repeating: [
                        "rr_output_c1", "rr_create_resp_c1",
                    ], count: 2
                ).flatMap(\.self))
        // The call was hung up before the second ones were confirmed.
        #expect(report.sent == 0 && report.unsent == 1)
    }

    @Test(
        "What the server has confirmed is not sent again: by its item, or as it refuses the event",
        arguments: [
            #"{"type":"conversation.item.added","event_id":"a","item":{"id":"ID","type":"function_call_output"}}"#,
            #"{"type":"conversation.item.created","event_id":"a","item":{"id":"x","type":"function_call_output","call_id":"c1"}}"#,
            #"{"type":"error","event_id":"a","error":{"type":"invalid_request_error","code":"x","message":"no","event_id":"rr_output_c1"}}"#,
        ])
    func confirmedOutput_isNotSentAgain(echo: String) async throws {
        let server = try RawServer()
        let sent = Collected<String>()
        let served = Task {
            try await blocking {
                let client = server.accept()
                client.send(client.accepted() + Self.lines(Wire.call("c1")))
                var item = ""
                // The output and the create, with a ping behind each.
                for _ in 0..<4 {
                    guard let next = client.frame() else { break }
                    if next.opcode == 9 { client.send(frame(10, next.data)) }
                    guard next.opcode == 1, let json = try? JSONValue(parsing: next.data) else { continue }
                    item = json["item"]?["id"]?.string ?? item
                    if json["item"] != nil { client.send(frame(echo.replacing("ID", with: item))) }
                }
                client.reset()
            }
            try await blocking {
                let client = server.accept()
                client.send(client.accepted() + frame(Wire.text("on")) + frame(8, [3, 0xE8]))
                while let next = client.frame() {
                    if next.opcode == 1 { sent.append(String(decoding: next.data, as: UTF8.self)) }
                }
                server.accept().refuse(404)
            }
        }
        let report = try await sideband(server, Self.watcher())
        try await served.value
        #expect(sent.elements.isEmpty)
        #expect(report.sent == 2 && report.unsent == 0)
    }

    @Test("An event that would mean something else later is reported, not sent again")
    func momentaryEvent_isReported() async throws {
        let server = try RawServer()
        let sent = Collected<String>()
        let served = Task {
            try await blocking {
                for number in 1...2 {
                    let client = server.accept()
                    client.send(client.accepted() + frame(number == 1 ? Wire.text("on") : Wire.text("more", "i2")))
                    guard number == 1 else {
                        client.send(frame(8, [3, 0xE8]))
                        while let next = client.frame() {
                            if next.opcode == 1 { sent.append(String(decoding: next.data, as: UTF8.self)) }
                        }
                        break
                    }
                    while let next = client.frame() { if next.opcode == 1 { break } }
                    client.reset()
                }
                server.accept().refuse(404)
            }
        }
        let watcher = Self.watcher()
        let report = try await sideband(server, watcher, Cancels())
        try await served.value
        #expect(sent.elements.isEmpty && report.unsent == 1)
        let error = try watcher.deliveries.elements.first?.event.decode(ErrorRaised.self)
        #expect(error?.source == .outbound && error?.code == "unsent" && error?.handler == "calls")
        #expect(
            error?.message
                == "The connection was lost before the server had confirmed the event, and it was not sent again.")
    }

    @Test("A connection that the server closes while a call runs leaves its output unsent, and the outcome says so")
    func close_whileCallRuns() async throws {
        let calls = LateAnswers()
        let peer = try await RealtimePeer { _, connection in
            await connection.send(Wire.created())
            for event in Wire.call("c1") { await connection.send(event) }
            await calls.waitForCall()
            connection.close()
            while await connection.event() != nil {}
            // The client may hear of it a moment later.
            try? await Task.sleep(for: .milliseconds(50))
            await calls.answer()
        }
        var options = ConnectOptions { nil }
        options.url = peer.url
        options.variable = { _ in nil }
        let watcher = Self.watcher()
        let router = Router(
            try RouteTable(
                handlers: [HandlerBinding("watch", watcher), HandlerBinding("calls", calls)],
                routes: [Route("watch", to: ["watch"]), Route("calls", to: ["calls"])]))
        try await router.start()
        let report = try await router.run(ConnectSource(options))
        await router.stop()
        await peer.stop()
        let done = try watcher.deliveries.elements.first?.event.decode(FunctionCallOutcome.self)
        #expect(done?.sent == false && done?.unsentReason == .connectionLost)
        #expect(report.unsent == 1 && report.sent == 0)
    }

    @Test("An item that only a ping has confirmed counts as taken when the server shows none, or ends in good order")
    func pingedItem() {
        let item = ClientEvent.functionCallOutput("x", callID: "c1", eventID: "e")
        for (wait, trustsPings, isGivenBack) in [
            (Duration.seconds(1), false, true), (.seconds(1), true, false), (.seconds(10), false, false),
        ] {
            let unconfirmed = UnconfirmedEvents()
            let number = unconfirmed.add(item, itemID: "i", at: .seconds(5))
            unconfirmed.markRead(upTo: number)
            let left = unconfirmed.removeAll(at: .seconds(5) + wait, trustsPings: trustsPings)
            #expect(left.isEmpty != isGivenBack)
        }
    }
}

/// Answers each call.
private struct Answers: FunctionCallHandling {
    let interests: [EventType] = [.routerFunctionCallReady]

    func handle(_ delivery: EventDelivery) async throws { try delivery.answer() }
}

/// Sends a cancel upon the first words.
private actor Cancels: EventHandler {
    nonisolated let interests: [EventType] = [.responseOutputTextDelta]
    private var hasSent = false

    func handle(_ delivery: EventDelivery) async throws {
        if !hasSent { delivery.session.send(.responseCancel(ResponseCancel())) }
        hasSent = true
    }
}

/// Answers a call when the test says so.
private actor LateAnswers: FunctionCallHandling {
    nonisolated let interests: [EventType] = [.routerFunctionCallReady]
    private let begun = Collected<Int>()
    private let answers = Collected<Int>()

    func handle(_ delivery: EventDelivery) async throws {
        begun.append(1)
        _ = await answers.wait(for: 1)
        try delivery.answer()
    }

    func waitForCall() async { _ = await begun.wait(for: 1) }

    func answer() { answers.append(1) }
}

extension EventDelivery {
    fileprivate func answer() throws {
        let callID = try event.decode(FunctionCall.self).callID ?? ""
        session.complete(FunctionCallOutcome(callID: callID, state: .completed, output: "answer to \(callID)"))
    }
}

extension RawServer.Client {
    /// Refuses a handshake.
    fileprivate func refuse(_ status: Int) {
        _ = header()
        send("HTTP/1.1 \(status) No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
    }
}
