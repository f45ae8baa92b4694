import RealtimeRouter

/// Formats explanations as JSON, one object per line.
struct ExplanationJSON {
    let log: RunLog?
    /// The session of a route's summary; nil if there is only one session.
    var session: String?

    /// The JSON of an event with the verdict of each route.
    func line(_ explanation: EventExplanation) -> String {
        let event = explanation.event
        var object = JSONObject()
        object["position"] = .string(event.position.description)
        object["type"] = .string(event.type.name)
        if explanation.side == .client { object["direction"] = .string(explanation.side.rawValue) }
        object["at"] = event.at.map { .number(JSONNumber($0)) }
        object["session"] = .string(explanation.session)
        object["verdicts"] = .array(explanation.verdicts.map { .object(verdict($0, event)) })
        object["unmatched"] = explanation.unmatchedHandler.map { .string($0) }
        return JSONValue.object(object).description
    }

    private func verdict(_ verdict: RouteVerdict, _ event: RealtimeEvent) -> JSONObject {
        var object = JSONObject()
        object["route"] = .string(verdict.route)
        switch verdict.outcome {
        case .fired(let handlers):
            object["verdict"] = "fired"
            object["handlers"] = .array(handlers.map { .string($0) })
            let losses = handlers.compactMap { handler in
                log?.loss(of: event, at: handler).map { (handler, JSONValue.string($0.rawValue)) }
            }
            if !losses.isEmpty { object["lost"] = .object(losses.reduce(into: JSONObject()) { $0[$1.0] = $1.1 }) }
        case .discarded: object["verdict"] = "dropped"
        case .alreadyFired(let firing):
            object["verdict"] = "already_fired"
            object["fired_for"] = firing.map { .string($0.position.description) }
            object["seconds_before"] = firing?.secondsBefore.map {
                .number(JSONNumber(($0 * 1000).rounded() / 1000))
            }
            object["value"] = firing?.value.map { .string($0) }
        case .outsideSchedule(let time):
            object["verdict"] = "outside_when"
            object["local_time"] = time.map { .string($0) }
        case .stopped(let name):
            object["verdict"] = "stopped"
            object["by"] = .string(name)
        case .notMadeFor: object["verdict"] = "not_made_for"
        case .otherSide(let side):
            object["verdict"] = "other_direction"
            object["takes"] = .string(side.rawValue)
        case .failed(let failed):
            object["verdict"] = "failed"
            for (key, value) in condition(failed) { object[key] = value }
        }
        return object
    }

    private func condition(_ failed: FailedCondition) -> JSONObject {
        var object = place(failed)
        object["held"] = .number(JSONNumber(failed.held))
        object["conditions"] = .number(JSONNumber(failed.total))
        object["values"] = .array(failed.values.shown.map { .string($0) })
        object["value_count"] = .number(JSONNumber(failed.values.count))
        if failed.holdsElsewhere { object["holds_elsewhere"] = true }
        return object
    }

    private func place(_ failed: FailedCondition) -> JSONObject {
        var object = JSONObject()
        object["field"] = .array(failed.condition.path.map { .string($0) })
        object["file"] = failed.file.map { .string($0) }
        object["line"] = failed.condition.location.map { .number(JSONNumber($0.line)) }
        object["column"] = failed.condition.location.map { .number(JSONNumber($0.column)) }
        return object
    }

    /// The JSON of a route's summary.
    func line(_ explanation: RouteExplanation) -> String {
        var object = JSONObject()
        object["session"] = session.map { .string($0) }
        object["route"] = .string(explanation.route)
        if explanation.side == .client { object["direction"] = .string(explanation.side.rawValue) }
        object["fired"] = .number(JSONNumber(explanation.fired))
        object["missed"] = .number(JSONNumber(explanation.missed))
        object["misses"] = .array(
            explanation.misses.map { misses in
                var miss = place(misses.condition)
                miss["count"] = .number(JSONNumber(misses.count))
                return .object(miss)
            })
        object["closest"] = explanation.closest.map { closest in
            var miss: JSONObject = [
                "position": .string(closest.position.description), "type": .string(closest.type),
            ]
            for (key, value) in condition(closest.condition) { miss[key] = value }
            return .object(miss)
        }
        object["already_fired"] = .number(JSONNumber(explanation.alreadyFired))
        if explanation.outsideSchedule > 0 {
            object["outside_when"] = .number(JSONNumber(explanation.outsideSchedule))
        }
        if explanation.undated > 0 { object["undated"] = .number(JSONNumber(explanation.undated)) }
        object["stopped"] = .object(
            explanation.stopped.reduce(into: JSONObject()) { $0[$1.by] = .number(JSONNumber($1.count)) })
        object["absent_types"] = .array(explanation.absentTypes.map { .string($0) })
        object["calls_not_run"] = .number(JSONNumber(explanation.callsNotRun))
        if let log {
            let outcomes: [DispatchRecord.Outcome] = [.delivered, .dropped, .deadLetter]
            object["run"] = .object(
                outcomes.reduce(into: JSONObject()) {
                    $0[$1.rawValue] = .number(JSONNumber(log.count($1, explanation.route)))
                })
        }
        return JSONValue.object(object).description
    }
}
