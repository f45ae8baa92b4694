/// Finds the few rules that an event can match among all of them.
///
/// Rules are sorted into buckets by the event types that they list; one bucket holds those that list none. In a bucket a rule is
/// found through the texts of one more field when it lists some (a probe), else it is a candidate for every event of the bucket.
///
/// Tables are keyed by 64-bit hashes alone. Two keys with one hash would only make each other's rules candidates, and every
/// candidate's conditions are all tried anyway.
struct RuleIndex: Sendable {
    /// What makes a rule a candidate.
    struct Key {
        /// The types that it lists; nil when it takes others too.
        var types: [String]?
        /// Another field, and the texts that it lists for it.
        var probe: (slot: Int32, texts: [String])?
    }

    /// The rules of an event type.
    struct Bucket: Sendable {
        /// Rules that every event of the bucket can match.
        var always: Slice
        /// The slots through whose texts the others are found.
        var probes: Slice
    }

    /// A rule that lists more texts than this is not worth an entry for each.
    static let probeLimit = 64

    /// The first is that of the rules without listed types.
    let buckets: [Bucket]
    let candidates: [Int32]
    let probeSlots: [Int32]
    private let bucketsByType: HashTable<Int32>
    private let candidatesByProbe: HashTable<Slice>

    /// The bucket of an event type; nil when no rule lists it.
    func bucket(ofType text: RawSpan) -> Int? {
        bucketsByType[Self.typeHash(text)].map(Int.init)
    }

    /// The rules of a bucket that list a text for a slot.
    func candidates(_ bucket: Int, _ slot: Int32, _ text: RawSpan) -> Slice? {
        candidatesByProbe[Self.probeHash(bucket, slot, text)]
    }

    private static func typeHash(_ text: RawSpan) -> UInt64 { text.hash(seed: 1) }

    private static func probeHash(_ bucket: Int, _ slot: Int32, _ text: RawSpan) -> UInt64 {
        text.hash(seed: UInt64(bucket) << 32 | UInt64(slot) + 2)
    }

    /// Sorts rules, given by their keys in order, into buckets.
    init(_ keys: [Key]) {
        var drafts = [Draft()]
        var bucketOfType: [UInt64: Int] = [:]
        for (rule, key) in keys.enumerated() {
            guard let types = key.types else {
                drafts[0].add(Int32(rule), key.probe, bucket: 0)
                continue
            }
            var joined: Set<Int> = []
            for type in types {
                let hash = Self.typeHash(Array(type.utf8).span.bytes)
                let bucket = bucketOfType[hash] ?? drafts.count
                if bucket == drafts.count {
                    bucketOfType[hash] = bucket
                    drafts.append(Draft())
                }
                if joined.insert(bucket).inserted { drafts[bucket].add(Int32(rule), key.probe, bucket: bucket) }
            }
        }
        var candidates: [Int32] = []
        var probeSlots: [Int32] = []
        var probes: [UInt64: Slice] = [:]
        buckets = drafts.map { draft in
            candidates += draft.always
            let always = Slice(candidates.count - draft.always.count..<candidates.count)
            for (hash, rules) in draft.probed {
                candidates += rules
                probes[hash] = Slice(candidates.count - rules.count..<candidates.count)
            }
            probeSlots += draft.slots
            return Bucket(always: always, probes: Slice(probeSlots.count - draft.slots.count..<probeSlots.count))
        }
        self.candidates = candidates
        self.probeSlots = probeSlots
        bucketsByType = HashTable(bucketOfType.mapValues(Int32.init))
        candidatesByProbe = HashTable(probes)
    }

    /// A bucket while it is being filled.
    private struct Draft {
        var always: [Int32] = []
        var slots: [Int32] = []
        var probed: [UInt64: [Int32]] = [:]

        mutating func add(_ rule: Int32, _ probe: (slot: Int32, texts: [String])?, bucket: Int) {
            guard let probe else {
                always.append(rule)
                return
            }
            if !slots.contains(probe.slot) { slots.append(probe.slot) }
            for text in probe.texts {
                let hash = RuleIndex.probeHash(bucket, probe.slot, Array(text.utf8).span.bytes)
                if probed[hash, default: []].last != rule { probed[hash, default: []].append(rule) }
            }
        }
    }
}
