import ConfigSource
import EventRouter

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
