/// The tokens that a server counted, by direction and modality.
struct TokenUsage {
    /// Tokens of one modality. Those that are cached are a part of the input.
    struct Part {
        var modality: String
        var input: Int
        var cached: Int
        var output: Int
    }

    typealias Counts = [(modality: String, count: Int)]

    /// What went in, cached tokens included. Tokens that the server did not ascribe to a modality are `unspecified`, so that the
    /// sum is the server's.
    let input: Counts
    /// What came out.
    let output: Counts
    /// What of the input came from the cache.
    let cached: Counts

    init(_ usage: MeasuredUsage) {
        let details = usage.inputDetails
        input = Self.counts(details?.all, total: usage.inputTokens)
        output = Self.counts(usage.outputDetails, total: usage.outputTokens)
        let cached = Self.counts(details?.cachedDetails, total: details?.cached)
        // Of input of one kind, what is cached is of that kind.
        let isOfOneKind = input.count == 1 && cached.count == 1 && cached[0].modality == "unspecified"
        self.cached = isOfOneKind ? [(input[0].modality, cached[0].count)] : cached
    }

    /// The tokens of each modality; nil when some are of none, or more are cached than went in.
    var parts: [Part]? {
        let parts = ["text", "audio", "image"].map { modality in
            let count = { (counts: Counts) in counts.first { $0.modality == modality }?.count ?? 0 }
            return Part(modality: modality, input: count(input), cached: count(cached), output: count(output))
        }
        let isWhole = !(input + output + cached).contains { $0.modality == "unspecified" }
        return isWhole && parts.allSatisfy { $0.cached <= $0.input } ? parts : nil
    }

    var isEmpty: Bool { input.isEmpty && output.isEmpty }

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

    /// A number of tokens as the server gave it; 0 for what can be none. No response has so many that sums of them fail.
    private static func amount(_ count: Int?) -> Int {
        guard let count, (0...1_000_000_000_000).contains(count) else { return 0 }
        return count
    }
}
