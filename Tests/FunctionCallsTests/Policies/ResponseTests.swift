import EventRouter
import FunctionCalls
import RouterTesting
import Testing

/// Functions that need no response of the model, and functions that take long.
@Suite(.timeLimit(.minutes(5)))
struct ResponseTests {
    private func function(_ name: String, _ policy: FunctionPolicy) -> LocalFunction {
        LocalFunction(name, policy: policy, executor: swift { _ in FunctionCallResult(name) })
    }

    @Test func response_noneRequestsNoResponse() async throws {
        let session = try LiveSession([
            function("note", FunctionPolicy(response: .none)), function("look", FunctionPolicy()),
        ])
        try await session.start()
        session.server(Server.responseCreated("r1"), Server.call("c1", "note"), Server.responseDone("r1"))
        #expect(await session.sent(1) == [output("c1", "note")])
        session.server(Server.responseCreated("r2"), Server.call("c2", "look", in: "r2"))
        _ = await session.sent(2)
        session.server(Server.call("c3", "note", in: "r2"))
        _ = await session.sent(3)
        session.server(Server.responseDone("r2"))
        #expect(
            await session.sent(4) == [
                output("c1", "note"), output("c2", "look"), output("c3", "note"), create("rr_create_r2"),
            ])
        try await session.end()
        #expect(await session.sent(4).count == 4)
    }

    private let moment =
        #"{"type":"response.create","event_id":"rr_wait_c1","response":{"instructions":"Say this to the user and nothing else: One moment, please.","tool_choice":"none"}}"#

    @Test func whileWaiting_speaksDuringALongCall() async throws {
        let gate = Latch()
        let policy = FunctionPolicy(whileWaiting: WaitingMessage("One moment, please.", after: .seconds(2)))
        let session = try LiveSession([
            LocalFunction(
                "look", timeout: .seconds(600), policy: policy,
                executor: swift { _ in
                    await gate.wait()
                    return FunctionCallResult("found")
                })
        ])
        try await session.start()
        session.server(Server.responseCreated("r1"), Server.call("c1", "look"), Server.responseDone("r1"))
        await session.clock.waitForSleepers(2)
        session.clock.advance(by: .milliseconds(1999))
        #expect(session.outbound.events.elements.isEmpty)
        session.clock.advance(by: .milliseconds(1))
        #expect(await session.sent(1) == [moment])
        session.server(Server.responseCreated("w1"))
        await gate.open()
        #expect(await session.sent(2) == [moment, output("c1", "found")])
        session.server(Server.responseDone("w1"))
        #expect(await session.sent(3) == [moment, output("c1", "found"), create("rr_create_r1")])
        try await session.end()
    }

    @Test func whileWaiting_isSilentIfTheCallIsDoneInTime() async throws {
        let policy = FunctionPolicy(whileWaiting: WaitingMessage("One moment, please.", after: .seconds(2)))
        let session = try LiveSession([function("look", policy)])
        try await session.start()
        session.server(Server.responseCreated("r1"), Server.call("c1", "look"), Server.responseDone("r1"))
        #expect(await session.sent(2) == [output("c1", "look"), create("rr_create_r1")])
        session.clock.advance(by: .seconds(10))
        session.server(Server.responseCreated("r2"), Server.responseDone("r2"))
        try await session.end()
        #expect(session.outbound.events.elements.count == 2)
    }
}

/// Blocks waiters until it is opened.
actor Latch {
    private var isOpen = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    func wait() async {
        if !isOpen { await withCheckedContinuation { waiting.append($0) } }
    }

    func open() {
        isOpen = true
        for continuation in waiting { continuation.resume() }
        waiting = []
    }
}
