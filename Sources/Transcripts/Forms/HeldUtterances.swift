import RealtimeEvents

/// The last utterances of a session, kept back so that a correction can replace what it corrects.
///
/// What a file holds cannot be changed, and a barge-in corrects the answer that was just recorded.
struct HeldUtterances: Sendable {
    /// How many utterances are kept back for a file.
    static let usualLimit = 4

    private let limit: Int
    private var waiting: [TranscriptRecord] = []

    /// - Parameter limit: how many utterances are kept back.
    init(limit: Int = HeldUtterances.usualLimit) {
        self.limit = limit
    }

    /// Takes an utterance or a correction.
    ///
    /// - Returns: the utterances that are now to be written: the oldest one when too many wait, or a correction that comes after its
    ///   utterance was written.
    mutating func add(_ record: TranscriptRecord) -> [TranscriptRecord] {
        guard record.isRevised else {
            waiting.append(record)
            return waiting.count > limit ? [waiting.removeFirst()] : []
        }
        guard let corrected = waiting.firstIndex(where: { $0.part == record.part }) else { return [record] }
        waiting[corrected] = record
        // The reader of a file never saw what was corrected.
        waiting[corrected].isRevised = false
        return []
    }

    /// The utterances that still wait, when their session is left.
    mutating func rest() -> [TranscriptRecord] {
        defer { waiting = [] }
        return waiting
    }
}
