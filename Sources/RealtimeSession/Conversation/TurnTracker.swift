internal import RealtimeEvents

/// The user speaks, the assistant answers: counts the turns and knows which are not answered.
///
/// A turn begins when the user speaks and the turn before has its answer, or the beginning of one. Whoever speaks on before that
/// goes on with the same turn.
struct TurnTracker: Sendable {
    struct Open: Sendable {
        let number: Int
        /// The user's last item.
        var itemID: String?
        /// When the user's words ended.
        var endedAt: Double?
        var basis: LatencyBasis?
        var isAnswering = false
        var tokens: Int?
        var inputTokens: Int?
        var outputTokens: Int?
    }

    /// The turn that the session is in, from 1; 0 before the user first spoke.
    private(set) var number = 0
    /// Turns without their end; the last is the current one, unless it is done.
    private var open: [Open] = []
    private static let openLimit = 8

    /// The user began to speak, or sent a message.
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

    /// Takes in which item the words of a turn belong to, where its beginning named none.
    mutating func name(_ turn: Int, itemID: String) {
        guard let place = open.firstIndex(where: { $0.number == turn }), open[place].itemID == nil else { return }
        open[place].itemID = itemID
    }

    /// The user's words ended.
    mutating func userEnded(at: Double?, _ basis: LatencyBasis) {
        guard let last = open.indices.last, open[last].number == number, !open[last].isAnswering else { return }
        open[last].endedAt = at
        open[last].basis = basis
    }

    /// The answer to a turn began.
    mutating func answerBegan(_ turn: Int) {
        guard let place = open.firstIndex(where: { $0.number == turn }) else { return }
        open[place].isAnswering = true
    }

    /// Counts the tokens of a response to a turn.
    mutating func add(tokens: Int?, input: Int?, output: Int?, to turn: Int) {
        guard let place = open.firstIndex(where: { $0.number == turn }) else { return }
        open[place].tokens = Self.sum(open[place].tokens, tokens)
        open[place].inputTokens = Self.sum(open[place].inputTokens, input)
        open[place].outputTokens = Self.sum(open[place].outputTokens, output)
    }

    /// Takes a turn out that was answered; the second time there is none.
    mutating func finish(_ turn: Int) -> Open? {
        open.firstIndex { $0.number == turn }.map { open.remove(at: $0) }
    }

    private static func sum(_ left: Int?, _ right: Int?) -> Int? {
        guard let right else { return left }
        let (sum, isOverflow) = (left ?? 0).addingReportingOverflow(right)
        return isOverflow ? left : sum
    }
}
