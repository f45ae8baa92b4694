import RealtimeRouter

/// The timeline and transcript of a session. Times are in seconds since the recording began. If the recording has no
/// times, line numbers are used instead.
struct SessionTimeline: Sendable {
    /// The rows of the timeline, from top to bottom.
    enum Lane: String, Sendable, CaseIterable {
        case caller, wait, response, agent, tool, error
    }

    /// A bar of the timeline.
    struct Span: Sendable {
        var lane: Lane
        var start: Double
        var end: Double
        /// The bar's tooltip.
        var label: String
        /// The text on the bar.
        var caption = ""
        /// Whether the shown utterance, call or response failed or was interrupted.
        var isFailed = false
        /// The index of the span's entry in the transcript.
        var entry: Int?
    }

    /// An utterance, a function call or an error.
    struct Entry: Sendable {
        /// The origin of an entry.
        enum Speaker: String, Sendable {
            case caller, agent, tool, error
        }

        var speaker: Speaker
        var time: Double?
        var words: String
        /// The outcome, such as `interrupted`.
        var remark: String?
    }

    var key: String
    var model: String?
    var spans: [Span] = []
    /// The times at which the agent was interrupted.
    var interruptions: [Double] = []
    var entries: [Entry] = []
    /// The number of function calls that the model made.
    var callCount = 0
    /// The latencies of turns, in milliseconds.
    var latencies: [Int] = []
    var end = 0.0
    var hasTimes = false

    /// The indices of the entries in reading order: utterances in conversation order, with calls and errors between
    /// them by time.
    ///
    /// The order of `entries` is not enough, because the transcription of an utterance often arrives after the calls
    /// that it caused.
    var displayOrder: [Int] {
        let isSaid = entries.map { $0.speaker == .caller || $0.speaker == .agent }
        guard hasTimes else { return Array(entries.indices) }
        var done = entries.indices.filter { !isSaid[$0] }[...]
        var order: [Int] = []
        for place in entries.indices where isSaid[place] {
            while let next = done.first, let time = entries[place].time, (entries[next].time ?? 0) < time {
                order.append(done.removeFirst())
            }
            order.append(place)
        }
        return order + done
    }
}
