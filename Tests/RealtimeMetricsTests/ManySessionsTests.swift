import EventJSON
import EventRouter
import RealtimeEvents
import RealtimeMetrics
import RouterTesting
import Testing

/// The sessions that the handler keeps, if there are many.
@Suite struct ManySessionsTests {
    private let meter = MetricsHandler(clock: ManualClock())
    /// The end of a response. If the handler still keeps the session, repeating the event does not measure its tokens
    /// again.
    private let response: RealtimeEvent

    init() throws {
        response = try RealtimeEvent(
            json: """
                {"type": "router.response.done", "response_id": "r1", "status": "completed", "usage": \
                {"output_tokens": 3, "output_token_details": {"text_tokens": 3}}}
                """)
    }

    private func session(_ number: Int) -> RouterSession { RouterSession(key: "s\(number)") { _ in } }

    private func meter(_ session: RouterSession) async throws {
        try await meter.handle(EventDelivery(event: response, routes: ["all"], session: session))
    }

    private var tokens: Int? { meter.summary?.json["tokens"]?["total"]?.int }

    @Test("A running session is never removed, however many there are")
    func runningSession_isNeverRemoved() async throws {
        let sessions = (1...4200).map(session)
        for _ in 1...2 { for session in sessions { try await meter(session) } }
        #expect(tokens == 3 * 4200)
    }

    @Test("Sessions that are over are removed when there are many")
    func endedSession_isRemovedWhenThereAreMany() async throws {
        for number in 1...4200 { try await meter(session(number)) }
        try await meter(session(1))
        #expect(tokens == 3 * 4201)
    }

    @Test("Another session with the key of one that is over is measured from its beginning")
    func reusedKey_isAnotherSession() async throws {
        for _ in 1...2 { try await meter(session(1)) }
        #expect(tokens == 6)
    }
}
