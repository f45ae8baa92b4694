import EventJSON
import RealtimeEvents
import RealtimeSession

extension EventPipeline {
    /// Tells the explainer for what a route with `once_per` fired, or which firing used it up.
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
