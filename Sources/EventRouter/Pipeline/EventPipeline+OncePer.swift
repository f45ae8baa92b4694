import EventJSON
import RealtimeEvents
import RealtimeSession

extension EventPipeline {
    /// Whether an event's time is within the route's schedule.
    mutating func isScheduled(_ rule: CompiledRoutes.Rule, _ route: Int, at: Double?) -> Bool {
        guard let schedule = rule.schedule else { return true }
        let moment = time.wallTime(at, clock)
        if let moment, schedule.contains(moment) { return true }
        if moment == nil { counts.undatedRoutes.insert(route) }
        explainer?.note(route, .outsideSchedule(at: moment.map { schedule.description(of: $0) }))
        return false
    }

    mutating func mayFire(
        _ rule: CompiledRoutes.Rule, _ route: Int, _ code: EventType.Code, _ text: RawSpan, at: Double?
    ) -> Bool {
        switch rule.oncePer {
        case nil: return true
        case .session: return scope.fired.mayFire(route, for: 0)
        case .turn:
            // A derived event belongs to the turn in its `turn` field: words may arrive after the next turn has begun.
            let own = code.isDerived ? slots.int(slot: table.envelope.turn, in: text) : nil
            return scope.fired.mayFire(route, for: own ?? state.turn)
        case .field(let field):
            return hash(of: field, text).map { scope.fired.mayFire(route, for: $0) } ?? true
        case .every(let interval, let field):
            let (time, scale) = time.time(at, clock)
            return intervals.mayFire(
                rule.names[0], for: field.flatMap { hash(of: $0, text) } ?? 0, every: interval, at: time, on: scale)
        }
    }

    /// The hash of the value of a field or label; nil if the event or session does not have it.
    private mutating func hash(of field: CompiledRoutes.Field, _ text: RawSpan) -> Int? {
        switch field {
        case .slot(let slot):
            return slots.withText(slot: slot, in: text) { span in
                var hasher = Hasher()
                span.withUnsafeBytes { hasher.combine(bytes: $0) }
                return hasher.finalize()
            }
        case .label(let name): return labels.last { $0.name == name }?.value.hashValue
        }
    }

    /// Notifies the explainer of the value for which a route with `once_per` fired, or had fired before.
    mutating func explainOncePer(
        _ explainer: RouteExplainer, _ rule: CompiledRoutes.Rule, _ route: Int, fires: Bool, _ code: EventType.Code,
        _ text: RawSpan, _ position: EventPosition, _ at: Double?
    ) {
        var value: String?
        var turn: Int?
        var session: String? = scope.session.key
        switch rule.oncePer {
        case nil: return
        case .session: break
        case .turn: turn = (code.isDerived ? slots.int(slot: table.envelope.turn, in: text) : nil) ?? state.turn
        case .field(let field): value = shownValue(of: field, text)
        case .every(_, let field):
            value = field.flatMap { shownValue(of: $0, text) }
            session = nil
        }
        var hasher = Hasher()
        hasher.combine(value)
        hasher.combine(turn)
        hasher.combine(session)
        let key = hasher.finalize()
        if fires {
            explainer.noteFiring(of: route, for: key, position, at)
        } else {
            explainer.noteUsedUp(route, for: key, value: value.map { table.redaction.redacted($0) }, at)
        }
    }

    private mutating func shownValue(of field: CompiledRoutes.Field, _ text: RawSpan) -> String? {
        switch field {
        case .slot(let slot):
            slots.withText(slot: slot, in: text) { span in
                span.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
            }
        case .label(let name): labels.last { $0.name == name }?.value
        }
    }
}
