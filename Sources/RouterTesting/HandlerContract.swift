public import EventRouter
public import RealtimeEvents
import Synchronization

/// Checks that a handler keeps the contract of `EventHandler`.
///
/// ```swift
/// @Test func slackHandlerKeepsTheContract() async throws {
///     let events = [try RealtimeEvent(json: #"{"type": "response.done", "response": {"status": "failed"}}"#)]
///     #expect(await HandlerContract.violations(events: events) { SlackHandler(channel: "#test") } == [])
/// }
/// ```
///
/// A handler keeps the contract if
/// * it can be made without being started, starts, and stops, also immediately after its start;
/// * it takes the given events without throwing, in a repeated attempt too, and from several sessions at a time (in one batch if it is
///   a `BatchEventHandler`);
/// * an unknown event, or a known one with unexpected contents, does not end the program; it may throw;
/// * each function call that it takes gets exactly one outcome;
/// * each step ends in time.
///
/// A stored property such as `secrets` is a violation in a handler that does not conform to the protocol for it, because the router
/// does not ask for the property then.
public enum HandlerContract {
    /// The handler's violations of the contract, a sentence each; empty if it keeps the contract.
    ///
    /// - Parameters:
    ///   - events: Events that the handler must take without throwing.
    ///   - patience: How long one step may take.
    ///   - make: Makes a new handler; called several times. An error that it throws is a violation.
    public static func violations(
        events: [RealtimeEvent], patience: Duration = .seconds(10), _ make: @Sendable () throws -> any EventHandler
    ) async -> [String] {
        var violations: [String] = []
        do {
            violations += idleProperties(of: try make())
            violations += await checkLife(try make(), patience)
            violations += await checkEvents(try make(), events, patience)
            violations += await checkOddEvents(try make(), patience)
            violations += await checkSessions(try make(), events, patience)
            if let handler = try make() as? any BatchEventHandler {
                violations += await checkBatch(handler, events, patience)
            }
        } catch {
            violations.append("making the handler threw \(error)")
        }
        return violations
    }

    /// Stored properties that mean something to the router only with a protocol that the handler does not adopt.
    private static func idleProperties(of handler: any EventHandler) -> [String] {
        Mirror(reflecting: handler).children.compactMap { child in
            let (name, value) = (child.label ?? "", child.value)
            let role: String? =
                switch name {
                case "secrets" where value is SecretValues && !(handler is any SecretKeeping): "SecretKeeping"
                case "redactors" where value is [any EventRedactor] && !(handler is any SecretKeeping): "SecretKeeping"
                case "concurrentSessions" where value is Int && !(handler is any ConcurrentHandling):
                    "ConcurrentHandling"
                case "toolOffer" where value is ToolOffer && !(handler is any FunctionCallHandling):
                    "FunctionCallHandling"
                case "usableTypes" where value is [EventType] && !(handler is any EventSelecting): "EventSelecting"
                case "records" where value is any RecordKeeper && !(handler is any RecordKeeping): "RecordKeeping"
                case "summary" where value is HandlerSummary && !(handler is any Summarizing): "Summarizing"
                default: nil
                }
            return role.map { "the property `\(name)` has no effect without the protocol \($0)" }
        }
    }

    private static func checkLife(_ handler: any EventHandler, _ patience: Duration) async -> [String] {
        await started(handler, patience) { _ in [] }
    }

    private static func checkEvents(
        _ handler: any EventHandler, _ events: [RealtimeEvent], _ patience: Duration
    ) async -> [String] {
        await started(handler, patience) { wishes in
            var violations: [String] = []
            for event in events {
                violations += await deliver(event, to: handler, wishes, patience)
            }
            return violations + (await outcomes(of: events, handler, wishes, patience))
        }
    }

    /// Nothing that a server sends may end the program; whether a handler throws at nonsense is its own business.
    private static func checkOddEvents(_ handler: any EventHandler, _ patience: Duration) async -> [String] {
        let types = ["", "something.new", "response.done", "router.utterance.done", "router.function_call.ready"]
        let bodies = ["", #", "response": 5"#, #", "item": null, "text": {}, "arguments": []"#]
        return await started(handler, patience) { wishes in
            var violations: [String] = []
            for type in types {
                for body in bodies {
                    guard let event = try? RealtimeEvent(json: "{\"type\": \"\(type)\"\(body)}") else { continue }
                    let delivery = EventDelivery(event: event, routes: ["contract"], session: wishes.session)
                    let returned = await within(patience) { () -> Bool in
                        try? await handler.handle(delivery)
                        return true
                    }
                    if returned == nil { violations.append("handle did not return for \(event.json)") }
                }
            }
            return violations
        }
    }

    private static func checkSessions(
        _ handler: any EventHandler, _ events: [RealtimeEvent], _ patience: Duration
    ) async -> [String] {
        await started(handler, patience) { _ in
            await withTaskGroup(of: [String].self) { group in
                for number in 1...4 {
                    group.addTask {
                        let wishes = Wishes(key: "contract-\(number)")
                        var violations: [String] = []
                        for event in events {
                            violations += await deliver(event, to: handler, wishes, patience, attempt: 2)
                        }
                        return violations + (await outcomes(of: events, handler, wishes, patience))
                    }
                }
                return await group.reduce(into: []) { $0 += $1 }
            }
        }
    }

    private static func checkBatch(
        _ handler: any BatchEventHandler, _ events: [RealtimeEvent], _ patience: Duration
    ) async -> [String] {
        await started(handler, patience) { wishes in
            let batch = [wishes, Wishes(key: "contract-2")].flatMap { wishes in
                events.map { EventDelivery(event: $0, routes: ["contract"], session: wishes.session) }
            }
            return await handing(over: "a batch", patience) { try await handler.handle(batch) }
        }
    }

    /// Starts the handler, lets `body` use it, and stops it.
    private static func started(
        _ handler: any EventHandler, _ patience: Duration, _ body: (Wishes) async -> [String]
    ) async -> [String] {
        var violations: [String] = []
        let start = await within(patience) { () -> String? in
            do {
                try await handler.start()
                return nil
            } catch {
                return "start threw \(error)"
            }
        }
        switch start {
        case nil: return ["start did not return"]
        case .some(let problem?): return [problem]
        case .some(nil): violations += await body(Wishes(key: "contract"))
        }
        if await within(patience, { await handler.stop() }) == nil { violations.append("stop did not return") }
        return violations
    }

    private static func deliver(
        _ event: RealtimeEvent, to handler: any EventHandler, _ wishes: Wishes, _ patience: Duration, attempt: Int = 1
    ) async -> [String] {
        let delivery = EventDelivery(event: event, routes: ["contract"], attempt: attempt, session: wishes.session)
        return await handing(over: event.type.description, patience) { try await handler.handle(delivery) }
    }

    private static func handing(
        over what: String, _ patience: Duration, _ handle: @escaping @Sendable () async throws -> Void
    ) async -> [String] {
        let result = await within(patience) { () -> String? in
            do {
                try await handle()
                return nil
            } catch {
                return "handle threw \(error) for \(what)"
            }
        }
        switch result {
        case nil: return ["handle did not return for \(what)"]
        case .some(let problem): return problem.map { [$0] } ?? []
        }
    }

    /// Whether every call among the events got one outcome.
    private static func outcomes(
        of events: [RealtimeEvent], _ handler: any EventHandler, _ wishes: Wishes, _ patience: Duration
    ) async -> [String] {
        guard handler is any FunctionCallHandling else { return [] }
        let ready = events.filter { $0.type == .routerFunctionCallReady }
        let calls = Set(ready.compactMap { (try? $0.decode(FunctionCall.self))?.reference?.label })
        guard await within(patience, { _ = await wishes.outcomes.wait(for: calls.count) }) != nil else {
            return ["\(calls.count) calls were given and \(wishes.outcomes.elements.count) outcomes came"]
        }
        let counts = Dictionary(wishes.outcomes.elements.map { ($0.reference?.label ?? "", 1) }, uniquingKeysWith: +)
        return counts.filter { $0.value > 1 }.keys.sorted().map { "call \($0) got more than one outcome" }
    }

    /// The result of `body`, or `nil` when it takes too long; it is cancelled and left behind then.
    private static func within<Result: Sendable>(
        _ patience: Duration, _ body: @escaping @Sendable () async -> Result
    ) async -> Result? {
        let race = Collected<Result?>()
        let work = Task { race.append(await body()) }
        let alarm = Task {
            try await Task.sleep(for: patience)
            race.append(nil)
        }
        let first = await race.wait(for: 1).first ?? nil
        work.cancel()
        alarm.cancel()
        return first
    }
}

/// A session that keeps what handlers want of it.
private struct Wishes: Sendable {
    let outcomes = Collected<FunctionCallOutcome>()
    let session: RouterSession

    init(key: String) {
        session = RouterSession(key: key) { [outcomes] wish in
            if case .complete(let outcome) = wish { outcomes.append(outcome) }
        }
    }
}
