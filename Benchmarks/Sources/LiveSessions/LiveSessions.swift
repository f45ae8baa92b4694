import CAllocations
import EventJSON
import EventPatterns
import EventRouter
import RealtimeEvents
import Synchronization

/// Measures the cost of live sessions: `LiveSessions [SESSIONS] [SECONDS]`. The defaults are 10,000 sessions and 30
/// seconds.
///
/// Opens the sessions with `Router.session`. Feeds each of them eight events per second of event time, as fast as the
/// router accepts them. Prints JSON lines with the memory per idle session, the events routed per second, and whether
/// each of five handlers received the events of each session in order.
@main
struct LiveSessions {
    static func main() async throws {
        let arguments = CommandLine.arguments.dropFirst().compactMap { Int($0) }
        try await measure(arguments.first ?? 10_000, seconds: arguments.dropFirst().first ?? 30)
    }

    private static func measure(_ count: Int, seconds: Int) async throws {
        let handlers = (1...5).map { _ in OrderChecker() }
        let router = Router(try table(handlers))
        try await router.start()

        let before = allocation_bytes()
        let sessions = try (0..<count).map { try router.session(key: "call-\($0)", labels: ["tenant": "acme"]) }
        await feed(sessions) { [ServerScript.created($0)] }
        await handlers[0].wait(for: count)
        print("idle after session.created", count, allocation_bytes() - before)

        let clock = ContinuousClock()
        let begin = clock.now
        for second in 0..<seconds { await feed(sessions) { ServerScript.second(second, of: $0) } }
        var reports: [RunReport] = []
        for session in sessions { reports.append(await session.finish()) }
        let time = begin.duration(to: clock.now)
        await router.stop()
        summarize(reports, time, handlers, expected: count * (seconds * ServerScript.eventsPerSecond + 1))
    }

    /// Sends every session its messages of one round. Waits when a session's queue is full.
    private static func feed(_ sessions: [AttachedSession], _ messages: @Sendable (Int) -> [String]) async {
        for (number, session) in sessions.enumerated() {
            for message in messages(number) {
                while session.receive(message, from: .server) == .full { await session.waitForRoom() }
            }
        }
        // The queues drain before the next round begins, as they would with events in real time.
        for session in sessions { await session.waitForRoom() }
    }

    /// Five routes, each with its own handler: `session.created` and `response.done`, utterances, errors, `response.`
    /// events, and all events.
    private static func table(_ handlers: [OrderChecker]) throws -> RouteTable {
        let patterns = [
            #"{"type": ["session.created", "response.done"]}"#, #"{"type": ["router.utterance.done"]}"#,
            #"{"type": ["router.error.raised"]}"#, #"{"type": [{"prefix": "response."}]}"#,
            #"{"type": [{"exists": true}]}"#,
        ]
        return try RouteTable(
            handlers: handlers.enumerated().map {
                HandlerBinding("h\($0)", $1, queue: QueuePolicy(onFull: .block))
            },
            routes: patterns.enumerated().map { Route("r\($0)", match: try Pattern(json: $1), to: ["h\($0)"]) })
    }

    private static func print(_ what: String, _ sessions: Int, _ bytes: Int) {
        Swift.print(#"{"what":"\#(what)","sessions":\#(sessions),"bytesPerSession":\#(bytes / sessions)}"#)
    }

    private static func summarize(
        _ reports: [RunReport], _ time: Duration, _ handlers: [OrderChecker], expected: Int
    ) {
        let events = reports.reduce(0) { $0 + $1.events }
        let delivered = reports.reduce(0) { $0 + $1.handlers.reduce(0) { $0 + $1.counts.delivered } }
        let lost = reports.reduce(0) { $0 + $1.lost }
        let isInOrder = handlers.allSatisfy { $0.isInOrder }
        let rate = Int(Double(events) / time.seconds)
        Swift.print(
            #"{"events":\#(events),"expected":\#(expected),"deliveries":\#(delivered),"lost":\#(lost),"#
                + #""inOrder":\#(isInOrder),"seconds":\#(time.seconds),"eventsPerSecond":\#(rate)}"#)
    }
}

/// Checks that a handler receives the deliveries of each session in order.
private final class OrderChecker: EventHandler {
    private struct State {
        var last: [ObjectIdentifier: Int] = [:]
        var isInOrder = true
        var count = 0
    }

    var interests: [EventType] { [] }
    private let state = Mutex(State())

    var isInOrder: Bool { state.withLock { $0.isInOrder } }

    func handle(_ delivery: EventDelivery) async throws {
        state.withLock { state in
            let session = ObjectIdentifier(delivery.session)
            if let last = state.last[session], last >= delivery.sequence { state.isInOrder = false }
            state.last[session] = delivery.sequence
            state.count += 1
        }
    }

    /// Waits until the handler has received a number of deliveries and the other handlers have had time to finish.
    func wait(for count: Int) async {
        while state.withLock({ $0.count < count }) { try? await Task.sleep(for: .milliseconds(10)) }
        try? await Task.sleep(for: .milliseconds(200))
    }
}

/// The events that the server of a session sends.
private enum ServerScript {
    static let eventsPerSecond = 8

    static func created(_ session: Int) -> String {
        #"{"type":"session.created","event_id":"e0","session":{"id":"sess_\#(session)","model":"gpt-realtime"}}"#
    }

    /// One second of a session: a response of a few words.
    static func second(_ second: Int, of session: Int) -> [String] {
        let (response, item) = ("resp_\(second)", "item_\(second)")
        let delta = { (word: String) in
            #"{"type":"response.output_audio_transcript.delta","event_id":"e","response_id":"\#(response)","item_id":"\#(item)","output_index":0,"content_index":0,"delta":"\#(word)"}"#
        }
        let head = #""id":"\#(item)","object":"realtime.item","type":"message","role":"assistant""#
        return [
            #"{"type":"response.created","event_id":"e","response":{"id":"\#(response)","status":"in_progress","output":[]}}"#,
            #"{"type":"response.output_item.added","event_id":"e","response_id":"\#(response)","output_index":0,"item":{\#(head),"status":"in_progress","content":[]}}"#,
            delta("This "), delta("is "), delta("second "), delta("\(second)."),
            #"{"type":"response.output_item.done","event_id":"e","response_id":"\#(response)","output_index":0,"item":{\#(head),"status":"completed","content":[{"type":"output_audio","transcript":"This is second \#(second)."}]}}"#,
            #"{"type":"response.done","event_id":"e","response":{"id":"\#(response)","status":"completed","output":[]}}"#,
        ]
    }
}
