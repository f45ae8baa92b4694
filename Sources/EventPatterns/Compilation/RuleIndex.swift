/// Finds the few rules that an event can match among all of them.
///
/// Rules are sorted into buckets by the event types that they list; one bucket holds those that list none. In a bucket a rule is
/// found through the texts or prefixes that it lists for one more field, else it is a candidate for every event of the bucket. A
/// field is looked up once for whole texts and once for each length of prefix that occurs: a probe.
///
/// Tables are keyed by 64-bit hashes alone. Two keys with one hash would only make each other's rules candidates, and every
/// candidate's conditions are all tried anyway.
struct RuleIndex: Sendable {
    /// What makes a rule a candidate.
    struct Key {
        /// The types that it lists; nil when it takes others too.
        var types: [String]?
        /// Other fields, and what each begins with or is. The rule is found through one of them.
        var fields: [Field] = []
    }

    /// A field for which a rule lists texts.
    struct Field {
        var slot: Int32
        var texts: [Text]
    }

    /// What a rule lists for a field.
    struct Text {
        var bytes: [UInt8]
        var isPrefix: Bool
    }

    /// A look at a field of an event.
    struct Probe: Sendable, Hashable {
        var slot: Int32
        /// How many bytes of the text are looked up; -1 for all of them.
        var length: Int32
        /// Makes the hash that of this look, in this bucket.
        var seed: UInt64

        init(_ field: Field, _ text: Text, bucket: Int) {
            slot = field.slot
            length = text.isPrefix ? Int32(text.bytes.count) : -1
            let place = UInt64(bucket) << 40 | UInt64(slot) << 13 | UInt64(length + 1)
            seed = (place + 2) &* 0x9E37_79B9_7F4A_7C15
        }

        /// The hash of a text, of which the first bytes are looked up; nil when it is too short.
        @inline(__always)
        func hash(_ text: RawSpan) -> UInt64? {
            guard length >= 0 else { return text.hash(seed: seed) }
            guard length <= text.byteCount else { return nil }
            return unsafe text.extracting(unchecked: Range(uncheckedBounds: (0, Int(length)))).hash(seed: seed)
        }
    }

    /// The rules of an event type.
    struct Bucket: Sendable {
        /// Where the rules begin that every event of the bucket can match.
        var always: Int32
        /// The probes through which the others are found, as a range of `probes`.
        var firstProbe: Int
        var endOfProbes: Int
    }

    /// A rule that lists more texts than this is not worth an entry for each.
    static let probeLimit = 64

    /// The first is that of the rules without listed types.
    let buckets: [Bucket]
    /// Lists of rules, behind each of them -1.
    let candidates: [Int32]
    let probes: [Probe]
    private let bucketsByType: HashTable
    private let candidatesByProbe: HashTable

    /// Whether the first bucket holds any rules.
    let hasRulesOfAnyType: Bool

    /// The bucket of an event type; -1 when no rule lists it.
    @inline(__always)
    func bucket(ofType text: RawSpan) -> Int {
        Int(bucketsByType[text.nameHash])
    }

    /// Where the rules begin that a probe finds with a text; -1 when it finds none.
    @inline(__always)
    func candidates(_ probe: Probe, _ text: RawSpan) -> Int {
        guard let hash = probe.hash(text) else { return -1 }
        return Int(candidatesByProbe[hash])
    }

    /// Sorts rules, given by their keys in order, into buckets.
    init(_ keys: [Key]) {
        let crowds = Self.crowds(keys)
        var drafts = [Draft()]
        var bucketOfType: [UInt64: Int] = [:]
        for (rule, key) in keys.enumerated() {
            let field = key.fields.min { Self.crowd($0, crowds) < Self.crowd($1, crowds) }
            guard let types = key.types else {
                drafts[0].add(Int32(rule), field, bucket: 0)
                continue
            }
            var joined: Set<Int> = []
            for type in types {
                let hash = Array(type.utf8).span.bytes.nameHash
                let bucket = bucketOfType[hash] ?? drafts.count
                if bucket == drafts.count {
                    bucketOfType[hash] = bucket
                    drafts.append(Draft())
                }
                if joined.insert(bucket).inserted { drafts[bucket].add(Int32(rule), field, bucket: bucket) }
            }
        }
        var candidates: [Int32] = []
        var probes: [Probe] = []
        var found: [UInt64: Int32] = [:]
        func append(_ rules: [Int32]) -> Int32 {
            defer { candidates += rules + [-1] }
            return Int32(candidates.count)
        }
        buckets = drafts.map { draft in
            let always = draft.always.isEmpty ? -1 : append(draft.always)
            for (hash, rules) in draft.probed { found[hash] = append(rules) }
            defer { probes += draft.probes }
            return Bucket(
                always: always, firstProbe: probes.count, endOfProbes: probes.count + draft.probes.count)
        }
        hasRulesOfAnyType = buckets[0].always >= 0 || !drafts[0].probes.isEmpty
        self.candidates = candidates
        self.probes = probes
        bucketsByType = HashTable(bucketOfType.mapValues(Int32.init))
        candidatesByProbe = HashTable(found)
    }

    /// How many rules list each text: the fewer do, the more it tells.
    private static func crowds(_ keys: [Key]) -> [UInt64: Int] {
        var crowds: [UInt64: Int] = [:]
        for field in keys.lazy.flatMap(\.fields) {
            for text in field.texts { crowds[crowdHash(field, text), default: 0] += 1 }
        }
        return crowds
    }

    /// How many rules share the texts of a field with the one that lists it.
    private static func crowd(_ field: Field, _ crowds: [UInt64: Int]) -> Int {
        field.texts.reduce(0) { $0 + (crowds[crowdHash(field, $1)] ?? 0) }
    }

    private static func crowdHash(_ field: Field, _ text: Text) -> UInt64 {
        text.bytes.span.bytes.hash(seed: Probe(field, text, bucket: 0).seed)
    }

    /// A bucket while it is being filled.
    private struct Draft {
        var always: [Int32] = []
        var probes: [Probe] = []
        var probed: [UInt64: [Int32]] = [:]

        mutating func add(_ rule: Int32, _ field: Field?, bucket: Int) {
            guard let field else {
                always.append(rule)
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
