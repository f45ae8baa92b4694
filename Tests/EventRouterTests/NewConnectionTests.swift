import EventJSON
import EventRouter
import RealtimeEvents
import RouterTesting
import Testing

/// Client events of a session whose connection is lost, restored or renewed.
@Suite(.timeLimit(.minutes(2))) struct NewConnectionTests {
    private static func created(_ id: String) -> String {
        Wire.event("session.created", #""session": {"id": "\#(id)", "type": "realtime"}"#)
    }

    /// A handler that answers calls on request, and collects its notifications of unsent outputs.
    private struct Slow: FunctionCallHandling {
        let interests: [EventType] = [.routerFunctionCallReady]
        let toolOffer: ToolOffer?
        let begun = Collected<String>()
        let unsent = Collected<String>()
        let gate = Gate()

        init(announces: Bool = false) {
            var tool = Tool()
            tool.type = .function
            tool.name = "f"
            toolOffer = ToolOffer([tool], isAnnounced: announces)
        }

        func handle(_ delivery: EventDelivery) async throws {
            let call = try delivery.event.decode(FunctionCall.self)
            begun.append(call.callID ?? "")
            Task {
                await gate.pass()
                delivery.session.complete(FunctionCallOutcome(done: call))
            }
        }

        func outputUnsent(_ call: CallReference, in session: RouterSession, _ reason: UnsentReason) {
            unsent.append("\(call.callID) \(reason.rawValue)")
        }
    }

    private static func router(
        _ calls: Slow, _ watcher: MemoryHandler, sends: any EventHandler = ClosureHandler { _ in }
    ) async throws -> Router {
        let table = try RouteTable(
            handlers: [
                HandlerBinding("calls", calls), HandlerBinding("watcher", watcher), HandlerBinding("sends", sends),
            ],
            routes: [
                Route("calls", to: ["calls"]), Route("watch", to: ["watcher"]),
                Route("pings", match: try pattern(#"{"type": ["ping"]}"#), to: ["sends"]),
            ])
        let router = Router(table, clock: ManualClock())
        try await router.start()
        return router
    }

    private static func watcher() -> MemoryHandler {
        MemoryHandler(interests: [.routerFunctionCallDone, .routerErrorRaised, .routerConnectionRestored])
    }

    private static func rows(_ watcher: MemoryHandler) -> [String] {
        watcher.deliveries.elements.map { delivery in
            let json = delivery.event.json
            return
                ([json["type"]?.string ?? ""]
                + ["call_id", "item_id", "state", "sent", "unsent_reason", "code", "handler", "route"].compactMap {
                    name in
                    json[name].map { "\(name)=\($0.string ?? $0.description)" }
                }).joined(separator: " ")
        }
    }

    @Test("A call that runs across a renewal has an outcome, and its output is not sent")
    func renewal_outcomeIsNotSent() async throws {
        let (calls, watcher) = (Slow(), Self.watcher())
        let router = try await Self.router(calls, watcher)
        let session = try router.session(key: "s")
        for line in [Self.created("sess_1")] + Wire.calling(["c1"], in: "r1") { session.receive(line, from: .server) }
        _ = await calls.begun.wait(for: 1)
        session.connectionLost()
        session.connectionRenewed()
        session.receive(Self.created("sess_2"), from: .server)
        _ = await watcher.deliveries.wait(for: 1)
        await calls.gate.open()
        _ = await watcher.deliveries.wait(for: 2)
        let report = await session.finish()
        await router.stop()
        #expect(
            Self.rows(watcher) == [
                "router.connection.restored",
                "router.function_call.done call_id=c1 state=completed sent=false unsent_reason=connection_renewed",
            ])
        #expect(report.sent == 0 && report.unsent == 1)
        #expect(calls.unsent.elements == ["c1 connection_renewed"])
    }

    @Test("An output that waits during a renewal is not sent, and neither is its response.create")
    func renewal_waitingOutputIsNotSent() async throws {
        let (calls, watcher) = (Slow(), Self.watcher())
        let router = try await Self.router(calls, watcher)
        let session = try router.session(key: "s")
        for line in [Self.created("sess_1")] + Wire.calling(["c1"], in: "r1") { session.receive(line, from: .server) }
        _ = await calls.begun.wait(for: 1)
        session.connectionLost()
        await calls.gate.open()
        _ = await watcher.deliveries.wait(for: 1)
        session.connectionRenewed()
        session.receive(Self.created("sess_2"), from: .server)
        _ = await watcher.deliveries.wait(for: 3)
        let report = await session.finish()
        await router.stop()
        // The router may notice before or after it routes the new connection that the server's new session does not
        // know a call.
        #expect(
            Self.rows(watcher).sorted() == [
                "router.connection.restored",
                "router.error.raised call_id=c1 code=unsent handler=calls route=calls",
                "router.function_call.done call_id=c1 state=completed",
            ])
        #expect(report.sent == 0 && report.unsent == 1)
        #expect(calls.unsent.elements == ["c1 connection_renewed"])
    }

    @Test("Waiting events are sent on a restored connection")
    func restoredConnection_sendsWhatWaited() async throws {
        let (calls, watcher) = (Slow(), Self.watcher())
        let router = try await Self.router(calls, watcher)
        let session = try router.session(key: "s")
        var outbound = session.outbound.makeAsyncIterator()
        for line in [Self.created("sess_1")] + Wire.calling(["c1"], in: "r1") { session.receive(line, from: .server) }
        _ = await calls.begun.wait(for: 1)
        session.connectionLost()
        await calls.gate.open()
        _ = await watcher.deliveries.wait(for: 1)
        session.connectionRestored()
        #expect(await outbound.next()?.gist == "output c1: ok")
        #expect(await outbound.next()?.gist == "create")
        let report = await session.finish()
        await router.stop()
        #expect(report.sent == 2 && report.unsent == 0)
    }

    @Test("On a new connection nothing is sent before its first event, and then the functions are announced first")
    func renewal_announcesFirst() async throws {
        let (calls, watcher) = (Slow(announces: true), Self.watcher())
        let sends = ClosureHandler { delivery in
            delivery.session.send(.create(.message("hello")))
            delivery.session.send(.truncate("item_old", audioEndMs: 10))
        }
        let router = try await Self.router(calls, watcher, sends: sends)
        let session = try router.session(key: "s")
        var outbound = session.outbound.makeAsyncIterator()
        session.receive(Self.created("sess_1"), from: .server)
        #expect(await outbound.next()?.eventID == "rr_tools")
        session.connectionLost()
        session.receive(Wire.event("ping"), from: .server)
        session.connectionRenewed()
        _ = await watcher.deliveries.wait(for: 2)
        session.receive(Self.created("sess_2"), from: .server)
        #expect(await outbound.next()?.eventID == "rr_tools_1")
        #expect(await outbound.next()?.json["item"]?["content"]?[0]?["text"] == "hello")
        let report = await session.finish()
        await router.stop()
        #expect(report.sent == 3 && report.unsent == 1)
    }

    @Test("More client events than the queue holds are all sent on the new connection after a loss")
    func renewal_withAFullQueue() async throws {
        let sends = ClosureHandler { $0.session.send(.other(["type": "note"])) }
        let table = try RouteTable(
            handlers: [HandlerBinding("sends", sends)],
            routes: [Route("pings", match: try pattern(#"{"type": ["ping"]}"#), to: ["sends"])])
        let router = Router(table, options: RouterOptions(outboundCapacity: 2), clock: ManualClock())
        try await router.start()
        let session = try router.session(key: "s")
        let sent = Collected<String>()
        let reading = Task { for await event in session.outbound { sent.append(event.type) } }
        session.receive(Self.created("sess_1"), from: .server)
        session.connectionLost()
        for _ in 1...20 { session.receive(Wire.event("ping"), from: .server) }
        session.connectionRenewed()
        session.receive(Self.created("sess_2"), from: .server)
        #expect(await sent.wait(for: 20).count == 20)
        #expect(await session.finish().unsent == 0)
        await reading.value
        await router.stop()
    }

    @Test("Events about items of the old connection are dropped; those about items of the new one are sent")
    func renewal_oldItems() async throws {
        let sends = ClosureHandler { delivery in
            for id in ["item_old", "item_new"] {
                delivery.session.send(.truncate(id, audioEndMs: 10))
                delivery.session.send(
                    ClientEvent(json: ["type": "conversation.item.delete", "item_id": .string(id)]))
                delivery.session.send(
                    ClientEvent(json: ["type": "conversation.item.retrieve", "item_id": .string(id)]))
            }
        }
        let (calls, watcher) = (Slow(), Self.watcher())
        let router = try await Self.router(calls, watcher, sends: sends)
        let session = try router.session(key: "s")
        var outbound = session.outbound.makeAsyncIterator()
        let added = { (id: String) in
            Wire.event("conversation.item.added", #""item": {"id": "\#(id)", "type": "message", "role": "user"}"#)
        }
        for line in [Self.created("sess_1"), added("item_old")] { session.receive(line, from: .server) }
        session.connectionLost()
        session.connectionRenewed()
        for line in [Self.created("sess_2"), added("item_new"), Wire.event("ping")] {
            session.receive(line, from: .server)
        }
        for type in ["truncate", "delete", "retrieve"] {
            let event = await outbound.next()
            #expect(event?.type == "conversation.item.\(type)" && event?.json["item_id"] == "item_new")
        }
        let report = await session.finish()
        await router.stop()
        #expect(report.sent == 3 && report.unsent == 3)
        #expect(
            Self.rows(watcher).dropFirst()
                == Array(
                    repeating: "router.error.raised item_id=item_old code=unsent handler=sends route=pings", count: 3)[
                    ...])
    }

    @Test(
        "An event that a reader gives back is sent first once the connection is restored; an output is never sent after a renewal"
    )
    func givenBackEvent() async throws {
        let sends = ClosureHandler { delivery in
            for number in 1...3 {
                delivery.session.send(.other(["type": "note", "number": .number(JSONNumber(number))]))
            }
            delivery.session.send(.functionCallOutput("by hand", callID: "c9"))
        }
        let (calls, watcher) = (Slow(), Self.watcher())
        let router = try await Self.router(calls, watcher, sends: sends)
        let session = try router.session(key: "s")
        var outbound = session.outbound.makeAsyncIterator()
        session.receive(Wire.event("ping"), from: .server)
        let first = try #require(await outbound.next())
        let second = try #require(await outbound.next())
        session.unsent(first)
        session.unsent(second)
        session.unsent(second)
        session.connectionLost()
        session.connectionRestored()
        var taken: [ClientEvent] = []
        for _ in 1...4 { taken.append(try #require(await outbound.next())) }
        #expect(taken.map { $0.json["number"]?.int } == [1, 2, 3, nil])
        session.unsent(taken[2])
        session.unsent(taken[3])
        session.connectionRenewed()
        session.receive(Self.created("sess_2"), from: .server)
        #expect(await outbound.next()?.json["number"]?.int == 3)
        let report = await session.finish()
        await router.stop()
        #expect(report.sent == 3 && report.unsent == 1)
        #expect(
            Self.rows(watcher).contains("router.error.raised call_id=c9 code=unsent handler=sends route=pings"))
    }
}
