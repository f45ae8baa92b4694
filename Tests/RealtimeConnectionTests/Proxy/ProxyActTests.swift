import EventJSON
import EventRouter
import NIOCore
import RealtimeEvents
import RouterTesting
import Testing

@testable import RealtimeConnection

/// Functions and settings of the router's in a session that passes through a proxy.
@Suite(.timeLimit(.minutes(1))) struct ProxyActTests {
    /// Answers calls of `lookup` when the test lets it.
    private actor Lookup: FunctionCallHandling {
        nonisolated let interests: [EventType] = [.routerFunctionCallReady]
        nonisolated var toolOffer: ToolOffer? { ToolOffer([Tool(function: "lookup")], isAnnounced: true) }
        private var isOpen: Bool
        private var waiting: [CheckedContinuation<Void, Never>] = []

        init(isOpen: Bool = true) { self.isOpen = isOpen }

        func handle(_ delivery: EventDelivery) async throws {
            if !isOpen { await withCheckedContinuation { waiting.append($0) } }
            let call = try delivery.event.decode(FunctionCall.self).callID ?? ""
            delivery.session.complete(FunctionCallOutcome(callID: call, state: .completed, output: "from the router"))
        }

        func open() {
            isOpen = true
            for continuation in waiting { continuation.resume() }
            waiting = []
        }
    }

    private static func updated(_ tools: String) -> String {
        #"{"type":"session.updated","event_id":"u","session":{"id":"sess_1","type":"realtime","tools":[\#(tools)]}}"#
    }

    @Test("Our function is added and called unseen, and the client's output for it does not take the place of ours")
    func ownFunction() async throws {
        let seen = Collected<String>()
        let peer = try await RealtimePeer { _, connection in
            await connection.send(Wire.created())
            let update = await connection.event("session.update")
            seen.append(update?["session"]?.description ?? "")
            await connection.send(Self.updated(#"{"type":"function","name":"lookup"}"#))
            for event in Wire.call("c1") + Wire.call("c2", "theirs") { await connection.send(event) }
            while let event = await connection.event() {
                seen.append("\(event["type"]?.string ?? "") \(event["item"]?["output"]?.string ?? "")")
            }
        }
        let lookup = Lookup(isOpen: false)
        let bench = try await ProxyBench([peer.url], [("calls", lookup)]) { $0.mode = .act }
        let inbox = Inbox()
        let socket = try await bench.connect(inbox)
        socket.post(ByteBuffer(string: #"{"type":"input_audio_buffer.clear"}"#))
        // Created, and all of the client's call; of ours what has no item.
        let passed = await inbox.messages(1 + 2 + 3)
        #expect(
            passed == [
                Wire.created(), Wire.call("c1")[0],
                #"{"type":"response.done","event_id":"f_c1","response":{"id":"resp_c1","status":"completed","output":[]}}"#,
            ] + Wire.call("c2", "theirs"))
        socket.post(
            ByteBuffer(
                string:
                    #"{"type":"conversation.item.create","item":{"type":"function_call_output","call_id":"c1","output":"not found"}}"#
            ))
        socket.post(
            ByteBuffer(
                string:
                    #"{"type":"conversation.item.create","item":{"type":"function_call_output","call_id":"c2","output":"theirs"}}"#
            ))
        _ = await seen.wait(for: 2)
        await lookup.open()
        _ = await seen.wait(for: 4)
        #expect(seen.elements.first == #"{"type":"realtime","tools":[{"type":"function","name":"lookup"}]}"#)
        #expect(
            seen.elements.dropFirst() == [
                "conversation.item.create theirs", "conversation.item.create from the router", "response.create ",
            ])
        socket.close()
        _ = await inbox.waitForEnd()
        #expect(inbox.messages.count == 6)
        try await bench.end()
        await peer.stop()
    }

    @Test("An observer asks for the settings that a session lacks, and for nothing else")
    func settings() async throws {
        let seen = Collected<String>()
        let peer = try await RealtimePeer { _, connection in
            await connection.send(Wire.created())
            while let event = await connection.event() {
                seen.append(event["type"]?.string ?? "")
                guard event["type"]?.string == "session.update" else { continue }
                await connection.send(Self.updated(event["session"]?["include"] == nil ? "" : #"{"name":"x"}"#))
                for event in Wire.call("c1") { await connection.send(event) }
            }
        }
        let bench = try await ProxyBench([peer.url], [("calls", Lookup())]) {
            $0.ensure = SessionSettings(["include": ["logprobs"]])
        }
        let inbox = Inbox()
        let socket = try await bench.connect(inbox)
        socket.post(ByteBuffer(string: #"{"type":"input_audio_buffer.clear"}"#))
        #expect(await inbox.messages(4) == [Wire.created()] + Wire.call("c1"))
        #expect(await Set(seen.wait(for: 2)) == ["input_audio_buffer.clear", "session.update"])
        socket.close()
        _ = await inbox.waitForEnd()
        let report = try await bench.end()
        #expect(inbox.messages.count == 4 && seen.elements.count == 2)
        #expect(report.sessions == 1)
        await peer.stop()
    }

    @Test("Labels of the client's first update hold from then on, and are never changed")
    func lateLabels() async throws {
        let peer = try await RealtimePeer { _, connection in
            await connection.send(Wire.created())
            while await connection.event("session.update") != nil { await connection.send(Self.updated("")) }
        }
        let all = MemoryHandler(interests: [.sessionCreated, .sessionUpdated])
        let bench = try await ProxyBench([peer.url], [("all", all)]) {
            $0.labels = [ClientLabel("group", .session(["tracing", "group_id"]))]
        }
        let socket = try await bench.connect(Inbox())
        _ = await all.deliveries.wait(for: 1)
        for (number, group) in ["a", "b"].enumerated() {
            socket.post(
                ByteBuffer(string: #"{"type":"session.update","session":{"tracing":{"group_id":"\#(group)"}}}"#))
            _ = await all.deliveries.wait(for: number + 2)
        }
        let labels = all.deliveries.elements.map { $0.session.labels }
        #expect(labels.last == [SessionLabel("group", "a")])
        socket.close()
        try await bench.end()
        await peer.stop()
    }
}
