import ConfigSource

extension PriceTable {
    /// Reads the rows of the option `prices`; what is wrong is reported.
    init(_ rows: [Node], _ diagnostics: Diagnostics) {
        self.init(rows.compactMap { Row($0, diagnostics) })
    }
}

extension PriceTable.Row {
    /// More dollars than any model asks; above, somebody mistook the unit.
    private static let range = 0.0...1_000_000

    /// Reads a row; nil, and diagnostics, when it has no model.
    fileprivate init?(_ node: Node, _ diagnostics: Diagnostics) {
        guard var section = Section(node, what: "a row of `prices`", MetricsKeys.row, diagnostics) else { return nil }
        let name = section.read(MetricsKeys.model)
        var tariffs: [String: PriceTable.Tariff] = [:]
        for key in MetricsKeys.tariffs {
            guard var amounts = section.read(key) else { continue }
            tariffs[key.name] = PriceTable.Tariff(
                input: amounts.double(MetricsKeys.input.name, in: Self.range),
                cached: amounts.double(MetricsKeys.cached.name, in: Self.range),
                output: amounts.double(MetricsKeys.output.name, in: Self.range))
            amounts.finish()
        }
        let minute = section.double(MetricsKeys.minute.name, in: Self.range)
        section.finish()
        guard let name else { return nil }
        self.init(model: name, tariffs: tariffs, minute: minute)
    }
}
