import RealtimeRouter
import RouterTesting
import Testing

/// The code of the documentation that is itself a test.
@Suite struct DocumentationExampleTests {
    struct ShoutHandler: EventHandler {
        let greeting: String

        func handle(_ delivery: EventDelivery) async throws {
            let utterance = try delivery.event.decode(Utterance.self)
            print(greeting, utterance.text?.uppercased() ?? "")
        }
    }

    @Test func handlerKeepsTheContract() async throws {
        let events = [try RealtimeEvent(json: #"{"type": "router.utterance.heard", "text": "Hello?"}"#)]
        #expect(await HandlerContract.violations(events: events) { ShoutHandler(greeting: "Heard:") } == [])
    }
}
