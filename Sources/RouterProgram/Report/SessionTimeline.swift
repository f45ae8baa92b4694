import RealtimeRouter

/// What happened in a session, as a page shows it. Times are in seconds since the recording began; where it has none, they are
/// the numbers of lines.
struct SessionStory: Sendable {
    /// The rows of the timeline, from above.
    enum Lane: String, Sendable, CaseIterable {
        case caller, wait, response, agent, tool, error
    }

    /// Something that takes time.
    struct Span: Sendable {
        var lane: Lane
        var start: Double
        var end: Double
        /// What to say of it.
        var label: String
        /// What stands on it.
        var caption = ""
        /// Whether it did not end as it should.
        var isBroken = false
        /// The entry of the transcript that it belongs to.
        var entry: Int?
    }

    /// What was said or done, in the order of the conversation.
    struct Entry: Sendable {
        /// Who it was.
        enum Voice: String, Sendable {
            case caller, agent, tool, error
        }

        var voice: Voice
        var time: Double?
        var words: String
        /// What else there is to say: how it ended.
        var remark: String?
    }

    var key: String
    var model: String?
    var spans: [Span] = []
    /// When the agent was interrupted.
    var interruptions: [Double] = []
    var entries: [Entry] = []
    /// How many calls the model asked for.
    var asked = 0
    /// The latencies of turns, in milliseconds.
    var latencies: [Int] = []
    var end = 0.0
    var hasTimes = false

    /// The entries' places, as they are read: words in the order of the conversation, and what was done in between by its time.
    /// Words often come later than what was done upon them.
    var placesInOrder: [Int] {
        let isSaid = entries.map { $0.voice == .caller || $0.voice == .agent }
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
