import ConfigSource

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
