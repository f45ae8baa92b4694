/// The prices of models, as a list of rows. The first row whose name matches the model applies.
public struct PriceTable: Sendable, Hashable {
    /// The prices of one modality, in dollars per million tokens; nil if there is no price.
    public struct Tariff: Sendable, Hashable {
        /// The price of input that does not come from the cache.
        public var input: Double?
        /// The price of input that comes from the cache.
        public var cached: Double?
        /// The price of output.
        public var output: Double?

        /// Creates a tariff.
        public init(input: Double? = nil, cached: Double? = nil, output: Double? = nil) {
            self.input = input
            self.cached = cached
            self.output = output
        }
    }

    /// The prices of some models.
    public struct Row: Sendable, Hashable {
        /// The model's name; `*` matches any run of characters.
        public var model: String
        /// The prices by modality: `text`, `audio`, `image`.
        public var tariffs: [String: Tariff]
        /// The price of a minute of audio in dollars, for transcription that is billed by time.
        public var minute: Double?

        /// Creates a row.
        public init(model: String, tariffs: [String: Tariff] = [:], minute: Double? = nil) {
            self.model = model
            self.tariffs = tariffs
            self.minute = minute
        }

        func matches(_ name: String) -> Bool { Self.matches(name[...], model[...]) }

        private static func matches(_ name: Substring, _ pattern: Substring) -> Bool {
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

    /// The rows; the first row that matches applies.
    public var rows: [Row]

    /// Creates a table.
    public init(_ rows: [Row]) {
        self.rows = rows
    }

    /// The cost of tokens in dollars; nil if the table lacks a price.
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

    /// The cost of transcribed audio in dollars; nil if the table lacks a price.
    func cost(ofSeconds seconds: Double, model: String?) -> Double? {
        row(model)?.minute.map { $0 * seconds / 60 }
    }

    private func row(_ model: String?) -> Row? {
        model.flatMap { model in rows.first { $0.matches(model) } }
    }
}
