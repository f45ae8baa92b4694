import ConfigSource
public import EventRouter

extension HandlerRegistry {
    /// Registers the handler type `metrics`.
    ///
    /// Its options are `prices` (see ``PriceTable``), `sessions` (a file with a line for each session that ended),
    /// `prometheus` and `interval` (see ``PrometheusFile``), and `provider`.
    ///
    /// - Parameter exporters: Further options, each of which adds an exporter.
    public mutating func registerMetrics(exporters: [MetricsExporterOption] = []) {
        let own: [any DeclaredKey] = [
            MetricsKeys.prices, MetricsKeys.sessions, MetricsKeys.prometheus, MetricsKeys.interval,
            MetricsKeys.provider,
        ]
        register(
            "metrics", "Turns, latency, tokens, cost, calls and errors, in the summary of a run and for Prometheus.",
            options: own + exporters.map(\.key)
        ) { options in
            let interval = options.read(MetricsKeys.interval)
            let file = options.outputPath(MetricsKeys.prometheus).map {
                PrometheusFile(path: $0, interval: interval, clock: options.clock)
            }
            let allExporters: [any MetricsExporter] =
                ([file] as [(any MetricsExporter)?]).compactMap { $0 } + exporters.compactMap { $0.make(&options) }
            let prices = options.read(MetricsKeys.prices).map { PriceTable($0, options.diagnostics) }
            return MetricsHandler(
                exporters: allExporters, prices: prices, sessions: options.outputPath(MetricsKeys.sessions),
                provider: options.read(MetricsKeys.provider), clock: options.clock)
        }
    }
}

/// The options of a handler of type `metrics`.
enum MetricsKeys {
    static let prometheus = SectionKey.string(
        "prometheus",
        "A file that is kept up to date for Prometheus, in its text format, as the textfile collector of its node exporter reads it."
    )
    static let interval = SectionKey.duration(
        "interval", in: .seconds(1) ... .seconds(3600), "The time between two writings of `prometheus`."
    ).defaulting(to: .seconds(15)).only(with: "prometheus")
    static let sessions = SectionKey.string(
        "sessions",
        "A file that gets a line of JSON for each session that ended: cost, turns, latencies, calls, labels.")
    static let provider = SectionKey.string(
        "provider", "Who serves the models: `gen_ai_provider_name` of the metrics that OpenTelemetry describes."
    ).defaulting(to: "openai")
    static let prices = SectionKey.list(
        "prices", of: .section(row),
        "What models charge, in dollars. The first row counts whose `model` fits; what has no price has no cost and is counted."
    )

    static let model = SectionKey.string("model", "The model; `*` is any run of characters.").required()
    static let tariffs = ["text", "audio", "image"].map { modality in
        SectionKey.section(modality, tariff, "The prices of \(modality), for a million tokens.")
    }
    static let minute = KeyForm("minute", .number, "The price of a minute of audio, for transcription billed by time.")
    static let row = SectionForm([model] + tariffs + [minute])

    static let input = KeyForm("input", .number, "Input that does not come from the cache.")
    static let cached = KeyForm("cached", .number, "Input that comes from the cache.")
    static let output = KeyForm("output", .number, "Output.")
    static let tariff = SectionForm([input, cached, output])
}

extension PriceTable {
    /// Reads the rows of the option `prices`, and reports errors.
    init(_ rows: [Node], _ diagnostics: Diagnostics) {
        self.init(rows.compactMap { Row($0, diagnostics) })
    }
}

extension PriceTable.Row {
    /// The allowed prices in dollars. No model costs more, so a greater price is in the wrong unit.
    private static let range = 0.0...1_000_000

    /// Reads a row. Returns nil, and reports an error, if it has no model.
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
