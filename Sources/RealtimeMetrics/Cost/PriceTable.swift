/// What models charge: a list of rows of which the first counts whose name fits the model.
public struct PriceTable: Sendable, Hashable {
    /// Prices of one modality, in dollars for a million tokens; nil where there is none.
    public struct Tariff: Sendable, Hashable {
        /// Input that does not come from the cache.
        public var input: Double?
        /// Input that comes from the cache.
        public var cached: Double?
        /// Output.
        public var output: Double?

        /// Makes a tariff.
        public init(input: Double? = nil, cached: Double? = nil, output: Double? = nil) {
            self.input = input
            self.cached = cached
            self.output = output
        }
    }

    /// The prices of some models.
    public struct Row: Sendable, Hashable {
        /// The model's name; `*` is any run of characters.
        public var model: String
        /// The prices by modality: `text`, `audio`, `image`.
        public var tariffs: [String: Tariff]
        /// Dollars for a minute of audio, for transcription that is billed by time.
        public var minute: Double?

        /// Makes a row.
        public init(model: String, tariffs: [String: Tariff] = [:], minute: Double? = nil) {
            self.model = model
            self.tariffs = tariffs
            self.minute = minute
        }

        func fits(_ name: String) -> Bool { Self.fits(name[...], model[...]) }

        private static func fits(_ name: Substring, _ pattern: Substring) -> Bool {
            let parts = pattern.split(separator: "*", omittingEmptySubsequences: false)
            guard let first = parts.first, let last = parts.last, parts.count > 1 else { return name == pattern }
            guard name.hasPrefix(first) else { return false }
            var rest = name.dropFirst(first.count)
            for part in parts.dropFirst().dropLast() where !part.isEmpty {
                guard let range = rest.firstRange(of: part) else { return false }
                rest = rest[range.upperBound...]
            }
            return rest.hasSuffix(last)
        }
    }

    /// The rows; the first one that fits counts.
    public var rows: [Row]

    /// Makes a table.
    public init(_ rows: [Row]) {
        self.rows = rows
    }

    /// The cost in dollars of tokens; nil when the table does not tell it.
    func cost(of usage: TokenUsage, model: String?) -> Double? {
        guard let row = row(model), let parts = usage.parts else { return nil }
        var cost = 0.0
        for part in parts {
            let tariff = row.tariffs[part.modality] ?? Tariff()
            for (count, price) in [
                (part.input - part.cached, tariff.input), (part.cached, tariff.cached), (part.output, tariff.output),
            ] where count > 0 {
                guard let price else { return nil }
                cost += Double(count) * price / 1_000_000
            }
        }
        return cost
    }

    /// The cost in dollars of audio that was transcribed; nil when the table does not tell it.
    func cost(ofSeconds seconds: Double, model: String?) -> Double? {
        row(model)?.minute.map { $0 * seconds / 60 }
    }

    private func row(_ model: String?) -> Row? {
        model.flatMap { model in rows.first { $0.fits(model) } }
    }
}
