import ConfigSource
import EventJSON
import EventRouter
import RealtimeEvents
import RecordFiles

extension RouteFileReader {
    /// Reads `session`.
    ///
    /// - Returns: the configuration, and the values of the environment variables in it.
    func readSession(_ section: inout Section) -> (block: SessionSettings, secrets: SecretValues)? {
        guard section.read(FileKeys.session) != nil, let entry = section.entry(FileKeys.session.name) else {
            return nil
        }
        guard entry.value.entries != nil else {
            section.error(
                "`session` must be a mapping, and this is \(entry.value.kindDescription)", at: FileKeys.session.name,
                help: "write `session: {instructions: …}`")
            return nil
        }
        var variables = VariableReplacement(context.variable, diagnostics)
        let node = variables.value(entry.value)
        let lint = SessionLint(node, diagnostics: diagnostics)
        variables.reporting { lint.check() }
        guard let json = Self.json(node, lint.shape).object else { return nil }
        let mask = variables.mask
        let block = SessionSettings(json, key: entry.key, value: entry.value) { mask.hide(in: $0) }
        return (block, SecretValues(variables.values))
    }

    /// Converts a node to JSON. The text of a variable becomes a number or a boolean if the API's field has that type.
    private static func json(_ node: Node, _ shape: FieldShape?) -> JSONValue {
        switch node.content {
        case .list(let elements): .array(elements.map { json($0, shape) })
        case .mapping(let entries):
            .object(JSONObject(entries.map { (key: $0.name, value: json($0.value, shape?.field($0.name))) }))
        case .scalar(let scalar): (scalar.isReplaced ? replaced(node, shape) : nil) ?? JSONValue(node)
        }
    }

    private static func replaced(_ node: Node, _ shape: FieldShape?) -> JSONValue? {
        guard let shape else { return nil }
        if shape.holdsBooleans, let value = node.bool { return .bool(value) }
        if shape.holdsNumbers, let text = node.number { return JSONNumber(text: text).map { .number($0) } }
        return nil
    }
}

// The limits on the duration and cost of a source's sessions.
extension RouteFileReader {
    /// A `max_cost`. Its prices are looked up after the handlers have been read.
    struct CostLimit {
        /// The node of `max_cost`.
        let node: Node
        /// The source's `model`; nil if the source does not set it.
        let model: Node?
    }

    /// The allowed costs, in dollars.
    private static let costs = 0.0001...1_000_000

    /// Reads `max_duration` and `max_cost` of a source.
    func readSessionLimits(_ section: inout Section) -> SessionLimits {
        let maxDuration = section.read(SourceKeys.maxDuration)
        _ = section.read(SourceKeys.maxCost)
        return SessionLimits(
            maxDuration: maxDuration, maxCost: section.double(SourceKeys.maxCost.name, in: Self.costs))
    }

    /// Collects the `max_cost` of a source and of its clients.
    mutating func addCostLimits(_ source: Node) {
        for client in source["clients"]?.list ?? [] {
            guard let node = client[SourceKeys.maxCost.name] else { continue }
            costLimits.append(CostLimit(node: node, model: nil))
        }
        guard let node = source[SourceKeys.maxCost.name] else { return }
        costLimits.append(CostLimit(node: node, model: source["model"]))
    }

    /// Reports cost limits for which there are no prices, or no price for the session's model.
    ///
    /// - Parameter session: the file's `session`; nil if it has none.
    func checkCostLimits(session: SessionSettings?) {
        // A handler with an error may be the one with the prices.
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
                "`max_cost` cannot be enforced: `prices` has no price for the model \(quoted(model))", at: limit.node,
                help: "add a row `{model: \(yamlText(model)), …}` to `prices`")
        }
    }
}
