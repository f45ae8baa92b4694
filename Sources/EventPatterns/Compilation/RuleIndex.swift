/// Narrows all rules down to the few candidates that an event can match.
///
/// A bucket holds the rules that list an event type; the first bucket holds the rules that list no event type. Within a
/// bucket, a rule is found by the strings or prefixes that it lists for one other field. A rule without such a field is
/// a candidate for every event of the bucket. A probe is one hash lookup of a field's text: one for whole strings, and
/// one for each prefix length that occurs.
///
/// The tables compare hashes only. If two keys have the same hash, their rules become candidates for each other's
/// events. That is harmless, because all conditions of a candidate are evaluated.
struct RuleIndex: Sendable {
    /// The properties by which the index finds a rule.
    struct Key {
        /// The event types that the rule lists; nil if it also matches other types.
        var types: [String]?
        /// Other fields for which the rule lists strings or prefixes. The index uses one of them.
        var fields: [Field] = []
    }

    /// A field for which a rule lists texts.
    struct Field {
        var slot: Int32
        var texts: [Text]
    }

    /// A string or prefix that a rule lists for a field.
    struct Text {
        var bytes: [UInt8]
        var isPrefix: Bool
    }

    /// A hash lookup of a field's text.
    struct Probe: Sendable, Hashable {
        var slot: Int32
        /// The number of bytes that are hashed, from the start of the text; -1 for the whole text.
        var length: Int32
        /// Makes the hash specific to the bucket, the slot and the length.
        var seed: UInt64

        init(_ field: Field, _ text: Text, bucket: Int) {
            slot = field.slot
            length = text.isPrefix ? Int32(text.bytes.count) : -1
            let position = UInt64(bucket) << 40 | UInt64(slot) << 13 | UInt64(length + 1)
            seed = (position + 2) &* 0x9E37_79B9_7F4A_7C15
        }

        /// The hash of a text, or of its first `length` bytes; nil if the text is shorter.
        @inline(__always)
        func hash(_ text: RawSpan) -> UInt64? {
            guard length >= 0 else { return text.hash(seed: seed) }
            guard length <= text.byteCount else { return nil }
            return unsafe text.extracting(unchecked: Range(uncheckedBounds: (0, Int(length)))).hash(seed: seed)
        }
    }

    /// The rules of one event type.
    struct Bucket: Sendable {
        /// The start of the list of rules that are candidates for every event of the bucket; -1 if there are none.
        var firstUnconditional: Int32
        /// The probes that find the other rules: a range of `probes`.
        var firstProbe: Int
        var endOfProbes: Int
    }

    /// The most strings that a field may list to be indexed. Beyond this, one entry per string is not worth it.
    static let probeLimit = 64

    /// The first bucket is for rules that list no types.
    let buckets: [Bucket]
    /// Lists of rules, each terminated by -1.
    let candidates: [Int32]
    let probes: [Probe]
    private let bucketsByType: HashTable
    private let candidatesByProbe: HashTable

    /// Whether the first bucket has rules.
    let hasRulesOfAnyType: Bool

    /// The bucket of an event type; -1 if no rule lists the type.
    @inline(__always)
    func bucket(ofType text: RawSpan) -> Int {
        Int(bucketsByType[text.nameHash])
    }

    /// The start of the list of candidates for a text; -1 if there are none.
    @inline(__always)
    func candidates(_ probe: Probe, _ text: RawSpan) -> Int {
        guard let hash = probe.hash(text) else { return -1 }
        return Int(candidatesByProbe[hash])
    }

    /// Builds the index. A rule is identified by the position of its key.
    init(_ keys: [Key]) {
        let ruleCounts = Self.ruleCounts(keys)
        var builders = [BucketBuilder()]
        var bucketOfType: [UInt64: Int] = [:]
        for (rule, key) in keys.enumerated() {
            let field = key.fields.min { Self.sharedRuleCount($0, ruleCounts) < Self.sharedRuleCount($1, ruleCounts) }
            guard let types = key.types else {
                builders[0].add(Int32(rule), field, bucket: 0)
                continue
            }
            var addedBuckets: Set<Int> = []
            for type in types {
                let hash = Array(type.utf8).span.bytes.nameHash
                let bucket = bucketOfType[hash] ?? builders.count
                if bucket == builders.count {
                    bucketOfType[hash] = bucket
                    builders.append(BucketBuilder())
                }
                if addedBuckets.insert(bucket).inserted { builders[bucket].add(Int32(rule), field, bucket: bucket) }
            }
        }
        var candidates: [Int32] = []
        var probes: [Probe] = []
        var candidatesByHash: [UInt64: Int32] = [:]
        func append(_ rules: [Int32]) -> Int32 {
            defer { candidates += rules + [-1] }
            return Int32(candidates.count)
        }
        buckets = builders.map { builder in
            let firstUnconditional = builder.unconditional.isEmpty ? -1 : append(builder.unconditional)
            for (hash, rules) in builder.probed { candidatesByHash[hash] = append(rules) }
            defer { probes += builder.probes }
            return Bucket(
                firstUnconditional: firstUnconditional, firstProbe: probes.count,
                endOfProbes: probes.count + builder.probes.count)
        }
        hasRulesOfAnyType = buckets[0].firstUnconditional >= 0 || !builders[0].probes.isEmpty
        self.candidates = candidates
        self.probes = probes
        bucketsByType = HashTable(bucketOfType.mapValues(Int32.init))
        candidatesByProbe = HashTable(candidatesByHash)
    }

    /// Counts the rules that list each text. The fewer rules list a text, the more selective the text is.
    private static func ruleCounts(_ keys: [Key]) -> [UInt64: Int] {
        var ruleCounts: [UInt64: Int] = [:]
        for field in keys.lazy.flatMap(\.fields) {
            for text in field.texts { ruleCounts[textHash(field, text), default: 0] += 1 }
        }
        return ruleCounts
    }

    /// Counts the rules that list the same texts for a field.
    private static func sharedRuleCount(_ field: Field, _ ruleCounts: [UInt64: Int]) -> Int {
        field.texts.reduce(0) { $0 + (ruleCounts[textHash(field, $1)] ?? 0) }
    }

    private static func textHash(_ field: Field, _ text: Text) -> UInt64 {
        text.bytes.span.bytes.hash(seed: Probe(field, text, bucket: 0).seed)
    }

    /// A bucket under construction.
    private struct BucketBuilder {
        var unconditional: [Int32] = []
        var probes: [Probe] = []
        var probed: [UInt64: [Int32]] = [:]

        mutating func add(_ rule: Int32, _ field: Field?, bucket: Int) {
            guard let field else {
                unconditional.append(rule)
                return
            }
            for text in field.texts {
                let probe = Probe(field, text, bucket: bucket)
                if !probes.contains(probe) { probes.append(probe) }
                let hash = text.bytes.span.bytes.hash(seed: probe.seed)
                if probed[hash, default: []].last != rule { probed[hash, default: []].append(rule) }
            }
        }
    }
}
