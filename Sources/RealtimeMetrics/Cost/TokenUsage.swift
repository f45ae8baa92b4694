import EventJSON

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

    /// Each modality with the member that counts its tokens.
    private static let modalities = [
        (name: "text", key: "text_tokens"), (name: "audio", key: "audio_tokens"), (name: "image", key: "image_tokens"),
    ]

    /// What went in, cached tokens included. Tokens that the server did not ascribe to a modality are `unspecified`, so that the
    /// sum is the server's.
    let input: Counts
    /// What came out.
    let output: Counts
    /// What of the input came from the cache.
    let cached: Counts

    init(_ usage: JSONValue) {
        input = Self.counts(usage["input_token_details"], total: usage["input_tokens"])
        output = Self.counts(usage["output_token_details"], total: usage["output_tokens"])
        let details = usage["input_token_details"]
        let cached = Self.counts(details?["cached_tokens_details"], total: details?["cached_tokens"])
        // Of input of one kind, what is cached is of that kind.
        let isOfOneKind = input.count == 1 && cached.count == 1 && cached[0].modality == "unspecified"
        self.cached = isOfOneKind ? [(input[0].modality, cached[0].count)] : cached
    }

    /// The tokens of each modality; nil when some are of none, or more are cached than went in.
    var parts: [Part]? {
        let parts = Self.modalities.map { modality, _ in
            let count = { (counts: Counts) in counts.first { $0.modality == modality }?.count ?? 0 }
            return Part(modality: modality, input: count(input), cached: count(cached), output: count(output))
        }
        let isWhole = !(input + output + cached).contains { $0.modality == "unspecified" }
        return isWhole && parts.allSatisfy { $0.cached <= $0.input } ? parts : nil
    }

    var isEmpty: Bool { input.isEmpty && output.isEmpty }

    private static func counts(_ details: JSONValue?, total: JSONValue?) -> Counts {
        let parts = modalities.map { ($0.name, amount(details?[$0.key])) }.filter { $0.1 > 0 }
        let rest = amount(total) - parts.reduce(0) { $0 + $1.1 }
        return rest > 0 ? parts + [("unspecified", rest)] : parts
    }

    /// A number of tokens as the server gave it; 0 for what can be none. No response has so many that sums of them fail.
    private static func amount(_ value: JSONValue?) -> Int {
        guard let count = value?.int, (0...1_000_000_000_000).contains(count) else { return 0 }
        return count
    }
}
