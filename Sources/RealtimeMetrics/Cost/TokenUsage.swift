/// The tokens that a server counted, by direction and modality.
struct TokenUsage: Sendable {
    /// The tokens of one modality. Cached tokens are a part of the input.
    struct Part {
        var modality: String
        var input: Int
        var cached: Int
        var output: Int
    }

    typealias Counts = [(modality: String, count: Int)]

    /// The input tokens, including cached ones. Tokens without a modality are `unspecified`, so that the sum equals the
    /// server's.
    let input: Counts
    /// The output tokens.
    let output: Counts
    /// The input tokens that came from the cache.
    let cached: Counts

    init(_ usage: MeasuredUsage) {
        let details = usage.inputDetails
        input = Self.counts(details?.all, total: usage.inputTokens)
        output = Self.counts(usage.outputDetails, total: usage.outputTokens)
        let cached = Self.counts(details?.cachedDetails, total: details?.cached)
        // If all input has one modality, the cached tokens have it too.
        let isOfOneKind = input.count == 1 && cached.count == 1 && cached[0].modality == "unspecified"
        self.cached = isOfOneKind ? [(input[0].modality, cached[0].count)] : cached
    }

    private init(input: Counts, output: Counts, cached: Counts) {
        (self.input, self.output, self.cached) = (input, output, cached)
    }

    /// The tokens of each modality; nil if some tokens have no modality, or if more tokens are cached than were input.
    var parts: [Part]? {
        let parts = ["text", "audio", "image"].map { modality in
            Part(
                modality: modality, input: Self.count(modality, in: input), cached: Self.count(modality, in: cached),
                output: Self.count(modality, in: output))
        }
        let isWhole = !(input + output + cached).contains { $0.modality == "unspecified" }
        return isWhole && parts.allSatisfy { $0.cached <= $0.input } ? parts : nil
    }

    var isEmpty: Bool { input.isEmpty && output.isEmpty }

    /// The tokens by which this usage exceeds an earlier one of the same response or transcription.
    ///
    /// In each direction, their number is the growth of the sum, so that tokens that the server moves to another
    /// modality are not counted twice.
    func excess(over earlier: TokenUsage) -> TokenUsage {
        let input = Self.excess(input, over: earlier.input)
        let cached = Self.excess(cached, over: earlier.cached).map { modality, count in
            // Cached tokens are a part of the input, so the new cached tokens are a part of the new input.
            (modality: modality, count: min(count, Self.count(modality, in: input)))
        }
        return TokenUsage(
            input: input, output: Self.excess(output, over: earlier.output), cached: cached.filter { $0.count > 0 })
    }

    /// The sum of two usages.
    static func + (left: TokenUsage, right: TokenUsage) -> TokenUsage {
        TokenUsage(
            input: sum(left.input, right.input), output: sum(left.output, right.output),
            cached: sum(left.cached, right.cached))
    }

    private static func count(_ modality: String, in counts: Counts) -> Int {
        counts.first { $0.modality == modality }?.count ?? 0
    }

    private static func total(_ counts: Counts) -> Int { counts.reduce(0) { $0 + $1.count } }

    private static func excess(_ counts: Counts, over earlier: Counts) -> Counts {
        var rest = total(counts) - total(earlier)
        return counts.compactMap { modality, count in
            let more = min(count - Self.count(modality, in: earlier), rest)
            guard more > 0 else { return nil }
            rest -= more
            return (modality, more)
        }
    }

    private static func sum(_ left: Counts, _ right: Counts) -> Counts {
        let modalities = left.map(\.modality) + right.map(\.modality).filter { count($0, in: left) == 0 }
        return modalities.map { ($0, count($0, in: left) + count($0, in: right)) }
    }

    private static func counts(_ details: MeasuredUsage.ModalityTokens?, total: Int?) -> Counts {
        var counts: Counts = []
        var rest = amount(total)
        let add = { (modality: String, count: Int) in
            guard count > 0 else { return }
            counts.append((modality, count))
            rest -= count
        }
        add("text", amount(details?.text))
        add("audio", amount(details?.audio))
        add("image", amount(details?.image))
        add("unspecified", rest)
        return counts
    }

    /// A number of tokens from the server; 0 for an impossible number. The limit is far above a real response, and
    /// keeps sums from overflowing.
    private static func amount(_ count: Int?) -> Int {
        guard let count, (0...1_000_000_000_000).contains(count) else { return 0 }
        return count
    }
}
