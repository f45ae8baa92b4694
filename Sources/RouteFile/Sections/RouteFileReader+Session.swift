import ConfigSource
import EventJSON
import EventRouter
import RealtimeEvents
import RecordFiles

extension RouteFileReader {
    /// Reads `session`.
    ///
    /// - Returns: the configuration, and what the environment's variables hold that stand in it.
    func readSession(_ section: inout Section) -> (block: SessionBlock, secrets: SecretValues)? {
        guard section.read(FileKeys.session) != nil, let entry = section.entry(FileKeys.session.name) else {
            return nil
        }
        guard entry.value.entries != nil else {
            section.error(
                "`session` must be a mapping, and this is \(entry.value.kindDescription)", at: FileKeys.session.name,
                help: "write `session: {instructions: …}`")
            return nil
        }
        var variables = VariableReplacement(surroundings.variable, diagnostics)
        let node = variables.value(entry.value)
        let lint = SessionLint(node, diagnostics: diagnostics)
        variables.reporting { lint.check() }
        guard let json = Self.json(node, lint.form).object else { return nil }
        let hidden = variables.hidden
        let block = SessionBlock(json, key: entry.key, value: entry.value) { hidden.hide(in: $0) }
        return (block, SecretValues(variables.values))
    }

    /// The value of a part of the block. What a variable holds is a number, or true or false, where the API wants one.
    private static func json(_ node: Node, _ form: PlaceForm?) -> JSONValue {
        switch node.content {
        case .list(let elements): .array(elements.map { json($0, form) })
        case .mapping(let entries):
            .object(JSONObject(entries.map { (key: $0.name, value: json($0.value, form?.field($0.name))) }))
        case .scalar(let scalar): (scalar.isReplaced ? replaced(node, form) : nil) ?? JSONValue(node)
        }
    }

    private static func replaced(_ node: Node, _ form: PlaceForm?) -> JSONValue? {
        guard let form else { return nil }
        if form.holdsBooleans, let value = node.bool { return .bool(value) }
        if form.holdsNumbers, let text = node.number { return JSONNumber(text: text).map { .number($0) } }
        return nil
    }
}

// What the sessions of a source may last and cost.
extension RouteFileReader {
    /// A `max_cost`, whose prices are looked up when the handlers are known.
    struct CostLimit {
        /// Where it stands.
        let node: Node
        /// The model that the source says, if it does.
        let model: Node?
    }

    /// Fractions of a cent up to what nobody means.
    private static let costs = 0.0001...1_000_000

    /// Reads `max_duration` and `max_cost` of a source.
    func readSessionLimits(_ section: inout Section) -> SessionLimits {
        let maxDuration = section.read(SourceKeys.maxDuration)
        _ = section.read(SourceKeys.maxCost)
        return SessionLimits(
            maxDuration: maxDuration, maxCost: section.double(SourceKeys.maxCost.name, in: Self.costs))
    }

    /// Keeps the `max_cost` of a source, and those of its clients.
    mutating func noteCostLimit(_ source: Node) {
        for client in source["clients"]?.list ?? [] {
            guard let node = client[SourceKeys.maxCost.name] else { continue }
            costLimits.append(CostLimit(node: node, model: nil))
        }
        guard let node = source[SourceKeys.maxCost.name] else { return }
        costLimits.append(CostLimit(node: node, model: source["model"]))
    }

    /// Reports costs that cannot be known: without prices, or without one for the model, where the file names it.
    ///
    /// - Parameter session: the file's `session`, if there is one.
    func checkCostLimits(session: SessionBlock?) {
        // A handler that is wrong may be the one that has the prices.
        guard !diagnostics.hasErrors, !costLimits.isEmpty else { return }
        let pricing = handlers.lazy.compactMap { $0.binding?.roles.prices?.pricing }.first
        for limit in costLimits {
            guard let pricing else {
                diagnostics.error(
                    "`max_cost` needs prices, and no handler has them", at: limit.node,
                    help: "add a handler `{type: metrics, prices: [{model: gpt-realtime, …}]}`, and a route to it")
                continue
            }
            guard let model = limit.model?.string ?? session?.model, !pricing.hasPrice(forModel: model) else {
                continue
            }
            diagnostics.warning(
                "`max_cost` cannot be kept: `prices` has none of the model \(quoted(model))", at: limit.node,
                help: "add a row `{model: \(yamlText(model)), …}` to `prices`")
        }
    }
}
