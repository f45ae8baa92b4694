/// The usage measured so far for each response and transcription, so that a repeated event adds only what is new.
///
/// The first usage counts in full. A later, larger usage adds the difference; a smaller one adds nothing.
struct MeteredUsage: Sendable {
    /// What a server bills: tokens, or seconds of audio.
    enum Amount: Sendable {
        case tokens(TokenUsage)
        case seconds(Double)
    }

    /// The response or transcription that a usage belongs to. Only its hash is kept, because a server may send an id of
    /// any length.
    struct Subject: Sendable {
        fileprivate let hash: Int

        /// The subject for a response; nil without an id.
        static func response(_ id: String?) -> Subject? { id.map { Subject("response", $0) } }

        /// The subject for the transcription of an item's content part. Without an item, the event itself is the
        /// subject.
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

    /// The number of responses and transcriptions that are remembered: the latest ones.
    private static let limit = 4096

    private var metered: [Int: Amount] = [:]
    /// The keys of ``metered`` in order of arrival, as a ring buffer.
    private var ring: [Int] = []
    private var oldest = 0

    /// Adds an amount, and returns the part of it that was not measured before; nil if there is none.
    ///
    /// Without a subject, repeated amounts cannot be detected, so the whole amount is returned.
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
    /// The billed amount; nil for an invalid duration.
    var amount: MeteredUsage.Amount? {
        guard type == "duration" else { return .tokens(TokenUsage(self)) }
        return seconds.flatMap { (0..<1e9).contains($0) ? .seconds($0) : nil }
    }
}
