import EventJSON
import EventPatterns
import EventRouter
import RealtimeEvents
import RouterTesting

/// Parses a pattern in JSON; a mistake in it fails the test.
func pattern(_ json: String) throws -> Pattern {
    try Pattern(json: json)
}

/// Routes fixed lines by a table, from start to stop.
func run(
    _ lines: [String], _ table: RouteTable, options: RouterOptions = RouterOptions(),
    outbound: any OutboundSink = DiscardedOutbound(), clock: any RouterClock = ManualClock(),
    recordedOutputs: RecordedOutputs = [:]
) async throws -> RunReport {
    let router = Router(table, options: options, clock: clock)
    try await router.start()
    let report = try await router.run(ScriptedSource(lines, recordedOutputs: recordedOutputs), outbound: outbound)
    await router.stop()
    return report
}

extension MemoryHandler {
    /// The types of the received events, in order.
    var types: [String] { deliveries.elements.map(\.event.type.name) }
    /// The positions of the received events, in order.
    var positions: [String] { deliveries.elements.map(\.event.position.description) }
}

/// A handler whose deliveries wait until the test releases them.
actor Gate: EventHandler {
    private var isOpen = false
    private var waiting: [CheckedContinuation<Void, Never>] = []
    nonisolated let begun = Collected<Int>()
    nonisolated let done = Collected<Int>()

    func handle(_ delivery: EventDelivery) async throws {
        begun.append(delivery.event.position.line)
        await pass()
        done.append(delivery.event.position.line)
    }

    /// Waits until the gate is open.
    func pass() async {
        if !isOpen { await withCheckedContinuation { waiting.append($0) } }
    }

    func open() {
        isOpen = true
        for continuation in waiting { continuation.resume() }
        waiting = []
    }
}

/// A handler that takes several sessions at a time, and holds each delivery until the test releases it.
actor Turnstile: ConcurrentHandling {
    nonisolated let concurrentSessions: Int
    nonisolated let begun = Collected<String>()
    nonisolated let done = Collected<String>()
    private var waiting: [String: CheckedContinuation<Void, Never>] = [:]

    init(_ concurrentSessions: Int) { self.concurrentSessions = concurrentSessions }

    func handle(_ delivery: EventDelivery) async throws {
        let name = delivery.event.eventID ?? ""
        begun.append(name)
        await withCheckedContinuation { waiting[name] = $0 }
        done.append(name)
    }

    /// Releases a delivery that has begun.
    func pass(_ name: String) { waiting.removeValue(forKey: name)?.resume() }
}

/// A handler that takes function calls and answers each with the result of a closure.
struct Answering: FunctionCallHandling {
    let interests: [EventType] = [.routerFunctionCallReady]
    let taken = Collected<String>()
    let answer: @Sendable (FunctionCall) async -> FunctionCallOutcome

    init(_ answer: @escaping @Sendable (FunctionCall) async -> FunctionCallOutcome = { .init(done: $0) }) {
        self.answer = answer
    }

    func handle(_ delivery: EventDelivery) async throws {
        let call = try delivery.event.decode(FunctionCall.self)
        taken.append(call.callID ?? "")
        Task { delivery.session.complete(await answer(call)) }
    }
}

extension FunctionCallOutcome {
    /// The outcome of a successful call.
    init(done call: FunctionCall, _ output: String = "ok") {
        self.init(callID: call.callID ?? "", state: .completed, output: output)
    }
}

/// Lines of a session in which the model calls functions.
enum Wire {
    static func event(_ type: String, _ rest: String = "") -> String {
        "{\"type\": \"\(type)\", \"event_id\": \"e\"\(rest.isEmpty ? "" : ", " + rest)}"
    }

    static func responseCreated(_ id: String) -> String {
        event("response.created", "\"response\": {\"id\": \"\(id)\", \"status\": \"in_progress\", \"output\": []}")
    }

    static func responseDone(_ id: String, status: String = "completed") -> String {
        event("response.done", "\"response\": {\"id\": \"\(id)\", \"status\": \"\(status)\", \"output\": []}")
    }

    static func call(_ id: String, in response: String, name: String = "f", arguments: String = "{}") -> String {
        let item =
            "{\"id\": \"item_\(id)\", \"type\": \"function_call\", \"status\": \"completed\", \"name\": \"\(name)\", "
            + "\"call_id\": \"\(id)\", \"arguments\": \"\(arguments)\"}"
        return event(
            "response.output_item.done", "\"response_id\": \"\(response)\", \"output_index\": 0, \"item\": \(item)")
    }

    static func spoken(in response: String) -> String {
        let item =
            "{\"id\": \"item_\(response)\", \"type\": \"message\", \"status\": \"completed\", \"role\": \"assistant\", "
            + "\"content\": [{\"type\": \"output_text\", \"text\": \"Yes.\"}]}"
        return event(
            "response.output_item.done", "\"response_id\": \"\(response)\", \"output_index\": 0, \"item\": \(item)")
    }

    /// A whole response that calls functions.
    static func calling(_ calls: [String], in response: String, name: String = "f") -> [String] {
        [responseCreated(response)] + calls.map { call($0, in: response, name: name) } + [responseDone(response)]
    }
}

extension ClientEvent {
    /// Sent client events in short form: `output call_1: ok` and `create`.
    var gist: String {
        switch type {
        case "conversation.item.create":
            "output \(json["item"]?["call_id"]?.string ?? ""): \(json["item"]?["output"]?.string ?? "")"
        case "response.create": "create"
        default: type
        }
    }
}
