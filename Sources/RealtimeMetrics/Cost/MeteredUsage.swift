/// The usage that was metered of each response and transcription, so that an event that comes again adds only what is new.
///
/// The first usage counts. A later, larger one adds the difference, a smaller one adds nothing.
struct MeteredUsage: Sendable {
    /// What a server bills: tokens, or seconds of audio.
    enum Amount: Sendable {
        case tokens(TokenUsage)
        case seconds(Double)
    }

    /// What a usage belongs to. Only its hash is kept, because a server may send an id of any length.
    struct Subject: Sendable {
        fileprivate let hash: Int

        /// A response; nil without an id.
        static func response(_ id: String?) -> Subject? { id.map { Subject("response", $0) } }

        /// The transcription of an item's content part; of an event without an item the event's own.
        static func transcription(item: String?, contentIndex: Int?, event: String?) -> Subject? {
            item.map { Subject("transcription", $0, contentIndex ?? 0) } ?? event.map { Subject("event", $0) }
        }

        private init(_ kind: String, _ id: String, _ part: Int = 0) {
            var hasher = Hasher()
            hasher.combine(kind)
            hasher.combine(id)
            hasher.combine(part)
            hash = hasher.finalize()
        }
    }

    /// How many responses and transcriptions are remembered: those that were metered last.
    private static let limit = 4096

    private var metered: [Int: Amount] = [:]
    /// The keys of ``metered``, a ring in order of arrival.
    private var ring: [Int] = []
    private var oldest = 0

    /// Takes an amount, and returns the part of it that was not metered before; nil when there is none.
    ///
    /// Without a subject nothing says that two amounts are the same, so all of it is returned.
    mutating func add(_ amount: Amount, of subject: Subject?) -> Amount? {
        guard let key = subject?.hash else { return amount }
        guard let known = metered[key] else {
            remember(key, amount)
            return amount
        }
        switch (amount, known) {
        case (.tokens(let tokens), .tokens(let known)):
            let excess = tokens.excess(over: known)
            guard !excess.isEmpty else { return nil }
            metered[key] = .tokens(known + excess)
            return .tokens(excess)
        case (.seconds(let seconds), .seconds(let known)):
            guard seconds > known else { return nil }
            metered[key] = .seconds(seconds)
            return .seconds(seconds - known)
        default:
            return nil
        }
    }

    private mutating func remember(_ key: Int, _ amount: Amount) {
        if ring.count < Self.limit {
            ring.append(key)
        } else {
            metered[ring[oldest]] = nil
            ring[oldest] = key
            oldest = (oldest + 1) % Self.limit
        }
        metered[key] = amount
    }
}

extension MeasuredUsage {
    /// What is billed; nil for a duration that is none.
    var amount: MeteredUsage.Amount? {
        guard type == "duration" else { return .tokens(TokenUsage(self)) }
        return seconds.flatMap { (0..<1e9).contains($0) ? .seconds($0) : nil }
    }
}
