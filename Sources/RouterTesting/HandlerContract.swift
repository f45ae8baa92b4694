public import EventRouter
public import RealtimeEvents
import Synchronization

/// A test that every handler must pass. It reports the contract violations of a handler.
///
/// ```swift
/// @Test func slackHandlerKeepsTheContract() async throws {
///     let events = [try RealtimeEvent(json: #"{"type": "response.done", "response": {"status": "failed"}}"#)]
///     #expect(await HandlerContract.violations(events: events) { SlackHandler(channel: "#test") } == [])
/// }
/// ```
///
/// The test checks that the handler
///
/// * can be made without being started;
/// * starts, and stops, also immediately after it was started;
/// * handles the given events without throwing;
/// * handles unknown events, and known events with unexpected contents, without ending the program (it may throw);
/// * handles repeated attempts, and deliveries of several sessions at the same time, or in one batch if it takes batches;
/// * completes every function call that it takes with exactly one outcome;
/// * adopts the protocol for each stored property such as `secrets`. Without the protocol the router ignores the property.
public enum HandlerContract {
    /// The handler's contract violations; empty if it keeps the contract.
    ///
    /// - Parameters:
    ///   - events: events that the handler must handle without throwing.
    ///   - timeout: the timeout of each step.
    ///   - make: makes a new handler; called several times.
    public static func violations(
        events: [RealtimeEvent], timeout: Duration = .seconds(10), _ make: @Sendable () throws -> any EventHandler
    ) async -> [String] {
        var violations: [String] = []
        do {
            violations += ineffectiveProperties(of: try make())
            violations += await checkLifecycle(try make(), timeout)
            violations += await checkEvents(try make(), events, timeout)
            violations += await checkOddEvents(try make(), timeout)
            violations += await checkSessions(try make(), events, timeout)
            if let handler = try make() as? any BatchEventHandler {
                violations += await checkBatch(handler, events, timeout)
            }
        } catch {
            violations.append("making the handler threw \(error)")
        }
        return violations
    }

    /// Stored properties that the router ignores because the handler does not adopt their protocol.
    private static func ineffectiveProperties(of handler: any EventHandler) -> [String] {
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

    private static func checkLifecycle(_ handler: any EventHandler, _ timeout: Duration) async -> [String] {
        await whileStarted(handler, timeout) { _ in [] }
    }

    private static func checkEvents(
        _ handler: any EventHandler, _ events: [RealtimeEvent], _ timeout: Duration
    ) async -> [String] {
        await whileStarted(handler, timeout) { recorder in
            var violations: [String] = []
            for event in events {
                violations += await deliver(event, to: handler, recorder, timeout)
            }
            return violations + (await outcomes(of: events, handler, recorder, timeout))
        }
    }

    /// Checks that no event from a server ends the program or blocks the handler. The handler may throw.
    private static func checkOddEvents(_ handler: any EventHandler, _ timeout: Duration) async -> [String] {
        let types = ["", "something.new", "response.done", "router.utterance.done", "router.function_call.ready"]
        let bodies = ["", #", "response": 5"#, #", "item": null, "text": {}, "arguments": []"#]
        return await whileStarted(handler, timeout) { recorder in
            var violations: [String] = []
            for type in types {
                for body in bodies {
                    guard let event = try? RealtimeEvent(json: "{\"type\": \"\(type)\"\(body)}") else { continue }
                    let delivery = EventDelivery(event: event, routes: ["contract"], session: recorder.session)
                    let returned = await withTimeout(timeout) { () -> Bool in
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
        _ handler: any EventHandler, _ events: [RealtimeEvent], _ timeout: Duration
    ) async -> [String] {
        await whileStarted(handler, timeout) { _ in
            await withTaskGroup(of: [String].self) { group in
                for number in 1...4 {
                    group.addTask {
                        let recorder = RecordingSession(key: "contract-\(number)")
                        var violations: [String] = []
                        for event in events {
                            violations += await deliver(event, to: handler, recorder, timeout, attempt: 2)
                        }
                        return violations + (await outcomes(of: events, handler, recorder, timeout))
                    }
                }
                return await group.reduce(into: []) { $0 += $1 }
            }
        }
    }

    private static func checkBatch(
        _ handler: any BatchEventHandler, _ events: [RealtimeEvent], _ timeout: Duration
    ) async -> [String] {
        await whileStarted(handler, timeout) { recorder in
            let batch = [recorder, RecordingSession(key: "contract-2")].flatMap { recorder in
                events.map { EventDelivery(event: $0, routes: ["contract"], session: recorder.session) }
            }
            return await violations(delivering: "a batch", timeout) { try await handler.handle(batch) }
        }
    }

    /// Starts the handler, runs `body`, and stops the handler.
    private static func whileStarted(
        _ handler: any EventHandler, _ timeout: Duration, _ body: (RecordingSession) async -> [String]
    ) async -> [String] {
        var violations: [String] = []
        let start = await withTimeout(timeout) { () -> String? in
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
        case .some(nil): violations += await body(RecordingSession(key: "contract"))
        }
        if await withTimeout(timeout, { await handler.stop() }) == nil { violations.append("stop did not return") }
        return violations
    }

    private static func deliver(
        _ event: RealtimeEvent, to handler: any EventHandler, _ recorder: RecordingSession, _ timeout: Duration,
        attempt: Int = 1
    ) async -> [String] {
        let delivery = EventDelivery(event: event, routes: ["contract"], attempt: attempt, session: recorder.session)
        return await violations(delivering: event.type.description, timeout) { try await handler.handle(delivery) }
    }

    private static func violations(
        delivering what: String, _ timeout: Duration, _ handle: @escaping @Sendable () async throws -> Void
    ) async -> [String] {
        let result = await withTimeout(timeout) { () -> String? in
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

    /// Checks that every call among the events got exactly one outcome.
    private static func outcomes(
        of events: [RealtimeEvent], _ handler: any EventHandler, _ recorder: RecordingSession, _ timeout: Duration
    ) async -> [String] {
        guard handler is any FunctionCallHandling else { return [] }
        let ready = events.filter { $0.type == .routerFunctionCallReady }
        let calls = Set(ready.compactMap { (try? $0.decode(FunctionCall.self))?.reference?.label })
        guard await withTimeout(timeout, { _ = await recorder.outcomes.wait(for: calls.count) }) != nil else {
            return ["\(calls.count) calls were given and \(recorder.outcomes.elements.count) outcomes came"]
        }
        let counts = Dictionary(recorder.outcomes.elements.map { ($0.reference?.label ?? "", 1) }, uniquingKeysWith: +)
        return counts.filter { $0.value > 1 }.keys.sorted().map { "call \($0) got more than one outcome" }
    }

    /// The result of `body`; nil if it takes longer than `timeout`. It is cancelled then, but not awaited.
    private static func withTimeout<Result: Sendable>(
        _ timeout: Duration, _ body: @escaping @Sendable () async -> Result
    ) async -> Result? {
        let results = Collected<Result?>()
        let work = Task { results.append(await body()) }
        let timer = Task {
            try await Task.sleep(for: timeout)
            results.append(nil)
        }
        let first = await results.wait(for: 1).first ?? nil
        work.cancel()
        timer.cancel()
        return first
    }
}

/// A session that records the outcomes that handlers report to it.
private struct RecordingSession: Sendable {
    let outcomes = Collected<FunctionCallOutcome>()
    let session: RouterSession

    init(key: String) {
        session = RouterSession(key: key) { [outcomes] command in
            if case .complete(let outcome) = command { outcomes.append(outcome) }
        }
    }
}
