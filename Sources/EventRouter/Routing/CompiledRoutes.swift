import EventJSON
import EventPatterns
import RealtimeEvents

/// The routes in compiled form: ``match(_:_:_:into:name:)`` finds the routes of server events, ``client`` the routes of
/// client events.
struct CompiledRoutes: Sendable {
    /// The properties of a handler that routing needs.
    struct Handler: Sendable {
        let name: String
        let takesFunctionCalls: Bool
        let takesClientAudio: Bool
        let interests: [EventType]
    }

    /// One handler of one route.
    struct Target: Sendable {
        let handler: Int
        /// The handler's interests, if the route has no condition on `type`; otherwise nil.
        let filter: TypeFilter?

        /// Whether the target takes events of a type. The name matters only for types without a code.
        func takes(_ code: EventType.Code, _ name: String) -> Bool { filter?.contains(code, name: name) ?? true }
    }

    struct Rule: Sendable {
        /// The route's name, as an array for deliveries.
        let names: [String]
        let targets: [Target]
        let stop: Bool
        let oncePer: Once?
        let schedule: RouteSchedule?

        /// Whether the route takes events of a type, if its pattern matches. A route without handlers takes all types,
        /// and drops the events.
        func takes(_ code: EventType.Code, _ name: String) -> Bool {
            targets.isEmpty || targets.contains { $0.takes(code, name) }
        }

        /// Whether the interests of a handler include a type without a code.
        var needsTypeNames: Bool { targets.contains { $0.filter?.needsNames ?? false } }
    }

    enum Once: Sendable {
        case session
        case turn
        case field(Field)
        /// At most once per interval (in seconds), or once per interval and value of a field.
        case every(Double, Field?)
    }

    /// The field whose values a route with `once_per` distinguishes.
    enum Field: Sendable {
        case slot(Int)
        /// A label of the session.
        case label(String)
    }

    /// The routes of both sides, in file order.
    let rules: [Rule]
    /// The patterns of the routes of server events.
    private let patterns: RuleSet
    /// The routes of server events without a pattern, in file order. Only their targets' filters restrict the events.
    private let bare: [Int]
    /// The types that routes in ``bare`` can take, so that most events skip these routes.
    private let bareTypes: TypeFilter
    /// Whether the interests of a handler include a type without a code. If so, the names of such types matter.
    let needsTypeNames: Bool
    let observedTypes: Set<EventType.Code>
    /// The routes of client events; nil if there are none.
    let client: ClientRoutes?

    init(_ routes: [Route], _ handlers: [Handler], _ plan: FieldPlan) {
        rules = routes.map { route in
            let saysType = route.pattern.map { $0.fieldPaths.contains(["type"]) } ?? false
            return Rule(
                names: [route.name],
                targets: route.handlers.compactMap { name in
                    guard let index = handlers.firstIndex(where: { $0.name == name }) else { return nil }
                    let interests = handlers[index].interests
                    return Target(
                        handler: index, filter: saysType || interests.isEmpty ? nil : TypeFilter(interests))
                },
                stop: route.stop, oncePer: Self.once(route.oncePer, plan), schedule: route.schedule)
        }
        let served = routes.indices.filter { routes[$0].side == .server }
        patterns = RuleSet(
            served.compactMap { index in routes[index].pattern.map { (id: index, pattern: $0) } },
            plan: plan, typeSlot: plan.slot(["type"])!, sessionField: SessionLabel.field)
        bare = served.filter { routes[$0].pattern == nil }
        let bareHandlers = Set(bare.flatMap { routes[$0].handlers })
        bareTypes = TypeFilter(handlers.filter { bareHandlers.contains($0.name) }.flatMap(\.interests))
        needsTypeNames =
            bareTypes.needsNames || zip(routes, rules).contains { $0.side == .server && $1.needsTypeNames }
        observedTypes = Self.observed(routes, rules)
        client = ClientRoutes(routes, rules, plan)
    }

    private static func once(_ oncePer: OncePer?, _ plan: FieldPlan) -> Once? {
        switch oncePer {
        case nil: nil
        case .session: .session
        case .turn: .turn
        case .field(let path): field(path, plan).map { .field($0) }
        case .every(let interval, let path): .every(interval.seconds, path.flatMap { field($0, plan) })
        }
    }

    private static func field(_ path: [String], _ plan: FieldPlan) -> Field? {
        if path.count == 2, path[0] == SessionLabel.field { return .label(path[1]) }
        return plan.slot(path).map { .slot($0) }
    }

    private static func observed(_ routes: [Route], _ rules: [Rule]) -> Set<EventType.Code> {
        // A ready call is always built, because the sequencer must know whether a handler takes it.
        var observed: Set<EventType.Code> = [.routerFunctionCallReady]
        for code in EventType.Code.allCases where EventType(code).isDerived {
            let name = EventType(code).name
            let isObserved = zip(routes, rules).contains { route, rule in
                guard route.side == .server, route.pattern?.mayMatch(type: name) ?? true else { return false }
                return rule.takes(code, name)
            }
            if isObserved { observed.insert(code) }
        }
        return observed
    }

    /// Evaluates the conditions on `labels` for all events of a session.
    func decide(_ labels: [SessionLabel], for matched: inout MatchedRoutes) {
        guard patterns.dependsOnSession else { return }
        patterns.decide(SessionLabel.text(of: labels).span.bytes, in: &matched.patterns)
    }

    /// Finds the routes that match, in file order. The caller applies `stop`, `once_per` and the targets' filters.
    func match(
        _ code: EventType.Code, _ slots: inout FieldSlots, _ text: RawSpan, into matched: inout MatchedRoutes,
        name: String
    ) {
        patterns.match(&slots, text, into: &matched.patterns)
        // Most events match nothing, and clearing even an empty array is measurable here.
        if !matched.routes.isEmpty { matched.routes.removeAll(keepingCapacity: true) }
        if !matched.patterns.isEmpty { matched.routes.append(contentsOf: matched.patterns.ids) }
        guard !bare.isEmpty, bareTypes.contains(code, name: name) else { return }
        matched.routes.append(contentsOf: bare)
        if !matched.patterns.isEmpty { matched.routes.sort() }
    }
}

/// The routes that match an event. Made once and reused for every event.
struct MatchedRoutes {
    /// The indices of the routes, in file order.
    var routes: [Int] = []
    var patterns = MatchResult()
}

/// The routes of client events, in compiled form.
///
/// They are separate from the other routes, so that server events skip them. Routes have the same indices as in
/// ``CompiledRoutes/rules``.
struct ClientRoutes: Sendable {
    private let patterns: RuleSet
    /// The routes without a pattern. Only their targets' filters restrict the events.
    private let bare: [Int]
    /// Whether the interests of a handler include types without a code, such as those of client events. If so, the
    /// names of such types matter.
    let needsTypeNames: Bool

    /// Returns nil if no route takes client events.
    init?(_ routes: [Route], _ rules: [CompiledRoutes.Rule], _ plan: FieldPlan) {
        let indices = routes.indices.filter { routes[$0].side == .client }
        guard !indices.isEmpty else { return nil }
        patterns = RuleSet(
            indices.compactMap { index in routes[index].pattern.map { (id: index, pattern: $0) } },
            plan: plan, typeSlot: plan.slot(["type"])!, sessionField: SessionLabel.field)
        bare = indices.filter { routes[$0].pattern == nil }
        needsTypeNames = indices.contains { rules[$0].needsTypeNames }
    }

    /// Evaluates the conditions on `labels` for all events of a session.
    func decide(_ labels: [SessionLabel], for matched: inout MatchedRoutes) {
        guard patterns.dependsOnSession else { return }
        patterns.decide(SessionLabel.text(of: labels).span.bytes, in: &matched.patterns)
    }

    /// Finds the routes that match, in file order. The caller applies `stop`, `once_per` and the targets' filters.
    func match(_ slots: inout FieldSlots, _ text: RawSpan, into matched: inout MatchedRoutes) {
        patterns.match(&slots, text, into: &matched.patterns)
        matched.routes.removeAll(keepingCapacity: true)
        matched.routes.append(contentsOf: matched.patterns.ids)
        guard !bare.isEmpty else { return }
        matched.routes.append(contentsOf: bare)
        if !matched.patterns.isEmpty { matched.routes.sort() }
    }
}

/// A set of event types that is fast to query: one bit for each known type, names for other types.
struct TypeFilter: Sendable {
    private var low: UInt64 = 0
    private var high: UInt64 = 0
    private var unknown: Set<String> = []

    init(_ types: [EventType]) {
        for type in types {
            switch type.code.rawValue {
            case 0: unknown.insert(type.name)
            case let code where code < 64: low |= 1 << UInt64(code)
            case let code:
                precondition(code < 128, "there is no bit left for the type \(type.name)")
                high |= 1 << UInt64(code - 64)
            }
        }
    }

    func contains(_ code: EventType.Code) -> Bool {
        let raw = code.rawValue
        return raw < 64 ? low >> UInt64(raw) & 1 == 1 : high >> UInt64(raw - 64) & 1 == 1
    }

    /// Whether the set contains types without a code.
    var needsNames: Bool { !unknown.isEmpty }

    /// Whether the set contains a type. The name matters only for types without a code.
    func contains(_ code: EventType.Code, name: String) -> Bool {
        code == .unknown ? unknown.contains(name) : contains(code)
    }
}
