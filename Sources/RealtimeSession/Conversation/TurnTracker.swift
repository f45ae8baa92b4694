internal import RealtimeEvents

/// Counts the turns (the user speaks, the assistant answers) and tracks which are not answered.
///
/// A turn begins when the user speaks and the answer to the previous turn has begun. If the user speaks again before
/// that, the same turn continues.
struct TurnTracker: Sendable {
    struct Open: Sendable {
        let number: Int
        /// The user's last item in the turn.
        var itemID: String?
        /// When the user's words ended.
        var endedAt: Double?
        var basis: LatencyBasis?
        var isAnswering = false
        var tokens: Int?
        var inputTokens: Int?
        var outputTokens: Int?
    }

    /// The current turn, from 1; 0 before the user first spoke.
    private(set) var number = 0
    /// The unfinished turns. The last element is the current turn, unless the current turn is finished.
    private var open: [Open] = []
    private static let openLimit = 8

    /// Records that the user began to speak or sent a message.
    mutating func userBegan(itemID: String?) {
        if let last = open.indices.last, open[last].number == number, !open[last].isAnswering {
            open[last].itemID = itemID
            open[last].endedAt = nil
            open[last].basis = nil
            return
        }
        number += 1
        open.append(Open(number: number, itemID: itemID))
        if open.count > Self.openLimit { open.removeFirst() }
    }

    /// Sets the item of a turn that began without naming one.
    mutating func name(_ turn: Int, itemID: String) {
        guard let index = open.firstIndex(where: { $0.number == turn }), open[index].itemID == nil else { return }
        open[index].itemID = itemID
    }

    /// Records that the user's words ended.
    mutating func userEnded(at: Double?, _ basis: LatencyBasis) {
        guard let last = open.indices.last, open[last].number == number, !open[last].isAnswering else { return }
        open[last].endedAt = at
        open[last].basis = basis
    }

    /// Records that the answer to a turn began.
    mutating func answerBegan(_ turn: Int) {
        guard let index = open.firstIndex(where: { $0.number == turn }) else { return }
        open[index].isAnswering = true
    }

    /// Adds the tokens of a response to its turn.
    mutating func add(tokens: Int?, input: Int?, output: Int?, to turn: Int) {
        guard let index = open.firstIndex(where: { $0.number == turn }) else { return }
        open[index].tokens = Self.sum(open[index].tokens, tokens)
        open[index].inputTokens = Self.sum(open[index].inputTokens, input)
        open[index].outputTokens = Self.sum(open[index].outputTokens, output)
    }

    /// Removes and returns an answered turn; nil if it was removed before.
    mutating func finish(_ turn: Int) -> Open? {
        open.firstIndex { $0.number == turn }.map { open.remove(at: $0) }
    }

    private static func sum(_ left: Int?, _ right: Int?) -> Int? {
        guard let right else { return left }
        let (sum, isOverflow) = (left ?? 0).addingReportingOverflow(right)
        return isOverflow ? left : sum
    }
}
