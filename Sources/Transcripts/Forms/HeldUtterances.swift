import RealtimeEvents

/// The last utterances of a session, kept back so that a correction can replace what it corrects.
///
/// What a file holds cannot be changed, and a barge-in corrects the answer that was just recorded.
struct HeldUtterances: Sendable {
    /// How many utterances are kept back.
    static let limit = 4

    private var waiting: [TranscriptRecord] = []

    /// Takes an utterance or a correction.
    ///
    /// - Returns: the utterances that are now to be written: the oldest one when too many wait, or a correction that comes after its
    ///   utterance was written.
    mutating func add(_ record: TranscriptRecord) -> [TranscriptRecord] {
        guard record.isRevised else {
            waiting.append(record)
            return waiting.count > Self.limit ? [waiting.removeFirst()] : []
        }
        guard let corrected = waiting.firstIndex(where: { $0.part == record.part }) else { return [record] }
        waiting[corrected] = record
        // The reader of a file never saw what was corrected.
        waiting[corrected].isRevised = false
        return []
    }

    /// The utterances that still wait, at the end of the session.
    mutating func rest() -> [TranscriptRecord] {
        defer { waiting = [] }
        return waiting
    }
}
