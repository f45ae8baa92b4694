import ConfigSource
import EventJSON
import EventRouter
import RealtimeEvents

/// One event as a readable line: time, speaker or source, text.
struct ConsoleLine: CustomStringConvertible {
    private let time: String
    private let who: String
    private let what: String

    private static let longest = 400

    /// Formats a delivered event.
    init(_ delivery: EventDelivery) {
        let event = delivery.event
        switch event.type.code {
        case _ where delivery.side == .client:
            who = "client"
            what = [event.wireType.isEmpty ? "(no type)" : event.wireType, Self.detail(of: event)]
                .filter { !$0.isEmpty }.joined(separator: " ")
        case .routerUtteranceUpdated, .routerUtteranceHeard, .routerUtteranceDone, .routerUtteranceRevised:
            let utterance = (try? event.decode(Utterance.self)) ?? Utterance()
            let speaker = utterance.role == .user ? "caller" : "agent"
            // `heard` comes in addition to `done`, so the line names the routes that matched the words.
            let isHeard = event.type == .routerUtteranceHeard
            who = isHeard ? "heard" : speaker
            what = Self.summary(utterance) + (isHeard ? "   [\(delivery.routes.joined(separator: ", "))]" : "")
        case .routerFunctionCallReady:
            let call = (try? event.decode(FunctionCall.self)) ?? FunctionCall()
            who = "call"
            what = Self.call(call.name, call.arguments)
        case .routerFunctionCallDone:
            who = "tool"
            what = Self.outcome((try? event.decode(FunctionCallOutcome.self)) ?? FunctionCallOutcome())
        case .routerResponseInterrupted:
            let interruption = (try? event.decode(ResponseInterrupted.self)) ?? ResponseInterrupted()
            who = "barge-in"
            what =
                interruption.heardMs.map { "the agent was cut off after \(Double($0) / 1000) s" }
                ?? "the agent was cut off"
        case .routerTurnStalled:
            let silence = (try? event.decode(TurnStalled.self)) ?? TurnStalled()
            who = "silence"
            what =
                "nothing came" + (silence.waitedMs.map { " for \(Self.seconds(Double($0) / 1000)) s" } ?? "")
                + " after " + (silence.after == .call ? "a function was called" : "the caller spoke")
        case .routerUserIdle:
            let idle = (try? event.decode(UserIdle.self)) ?? UserIdle()
            who = "idle"
            what =
                "the caller has said nothing" + (idle.idleMs.map { " for \(Self.seconds(Double($0) / 1000)) s" } ?? "")
        case .routerSessionLimit:
            who = "limit"
            what = Self.summary((try? event.decode(SessionLimitApproaching.self)) ?? SessionLimitApproaching())
        case .routerSessionExpiring:
            let expiring = (try? event.decode(SessionExpiring.self)) ?? SessionExpiring()
            who = "expiring"
            what = expiring.expiresInMs.map { "the session ends in \(Self.seconds(Double($0) / 1000)) s" } ?? "soon"
        case .routerConnectionLost:
            who = "lost"
            let reason = (try? event.decode(ConnectionLost.self))?.reason
            what = "the connection is lost" + (reason.map { ": \($0)" } ?? "")
        case .routerConnectionRestored:
            who = "restored"
            what = Self.summary((try? event.decode(ConnectionRestored.self)) ?? ConnectionRestored())
        case .routerErrorRaised:
            let error = (try? event.decode(ErrorRaised.self)) ?? ErrorRaised()
            who = "error"
            let tool = [error.serverLabel, error.tool].compactMap { $0 }.joined(separator: "/")
            what = [error.code, tool.isEmpty ? nil : tool, error.message].compactMap { $0 }.joined(separator: ": ")
        default:
            who = event.wireType.isEmpty ? "(no type)" : event.wireType
            what = Self.detail(of: event)
        }
        time = DisplayTime.seconds(of: event).map { Self.seconds($0) } ?? "line \(event.position)"
    }

    /// The line, without a line end.
    var description: String {
        let padded = String(repeating: " ", count: max(0, 6 - time.count)) + time
        return "\(padded)  \(pad(Self.printable(who), to: 8))\(Self.printable(what))"
    }

    private func pad(_ text: String, to width: Int) -> String {
        text + String(repeating: " ", count: max(2, width - text.count))
    }

    /// A summary of the event's content, or its id.
    private static func detail(of event: RealtimeEvent) -> String {
        let words = EventDetail(event.json).words
        return words.isEmpty ? event.eventID ?? "" : words
    }

    private static func seconds(_ value: Double) -> String {
        guard let tenths = DisplayTime.tenths(abs(value)) else { return "?" }
        return "\(value < 0 && tenths > 0 ? "-" : "")\(tenths / 10).\(tenths % 10)"
    }

    private static func summary(_ utterance: Utterance) -> String {
        let text = utterance.text ?? ""
        let ending: String? =
            switch utterance.status {
            case .interrupted?: "interrupted"
            case .failed?: text.isEmpty ? "not understood" : "failed"
            case .incomplete?: "incomplete"
            default: nil
            }
        let remarks = [utterance.outOfBand == true ? "out of band" : nil, ending].compactMap(\.self)
        guard !remarks.isEmpty else { return text }
        return (text.isEmpty ? "" : text + " ") + "[\(remarks.joined(separator: ", "))]"
    }

    private static func summary(_ connection: ConnectionRestored) -> String {
        let what = connection.renewed == true ? "there is a new connection" : "the connection is back"
        let gap = connection.gapMs.map { " after \(seconds(Double($0) / 1000)) s" } ?? ""
        return what + gap + (connection.attempt.map { ", attempt \($0)" } ?? "")
    }

    private static func summary(_ limit: SessionLimitApproaching) -> String {
        if limit.limit == .maxCost {
            let cost = [limit.cost, limit.maxCost].compactMap {
                $0.map { "$\(($0 * 10000).rounded(.towardZero) / 10000)" }
            }
            return "the session has cost " + cost.joined(separator: " of ")
        }
        return limit.remainingMs.map { "the session ends in \(seconds(Double($0) / 1000)) s" } ?? "soon"
    }

    private static func call(_ name: String?, _ arguments: JSONValue?) -> String {
        var parts = [name ?? "?"]
        switch arguments {
        case .object(let arguments)?: parts += arguments.map { "\($0.key)=\($0.value.string ?? $0.value.description)" }
        case let other?: parts.append(other.string ?? other.description)
        case nil: break
        }
        return parts.joined(separator: " ")
    }

    private static func outcome(_ outcome: FunctionCallOutcome) -> String {
        var line = call(outcome.name, outcome.arguments) + " -> " + (outcome.output ?? outcome.error ?? "")
        if outcome.state != .completed, let state = outcome.state { line += "   (\(state.rawValue))" }
        if let ran = outcome.ranMs { line += "   \(ran) ms" }
        if let route = outcome.route { line += "   [\(route)]" }
        return line
    }

    private static func printable(_ text: String) -> String {
        PrintableText(text, longest: longest).description
    }
}
