/// English words that people dictate digits with.
enum SpokenNumber {
    /// One digit: `four`, `oh`.
    case digit(Int)
    /// 10 to 19, which are two digits: `eleven`.
    case teen(Int)
    /// 20, 30 … 90, which take a digit behind them: `forty one`.
    case tens(Int)
    /// `double` or `triple`: the next digit counts so often.
    case times(Int)
    /// `hundred` or `thousand`: so many zeros behind what was said.
    case zeros(Int)

    /// A word by its letters in lower case; nil for any other word.
    init?(_ word: ArraySlice<UInt8>) {
        guard let number = word.count <= 8 ? Self.words[Array(word)] : nil else { return nil }
        self = number
    }

    /// Whether a word that begins so may be one of them.
    static func mayBegin(_ beginning: ArraySlice<UInt8>) -> Bool {
        words.keys.contains { $0.starts(with: beginning) }
    }

    private static let words: [[UInt8]: SpokenNumber] = {
        var words: [[UInt8]: SpokenNumber] = [:]
        func add(_ names: String, _ number: (Int) -> SpokenNumber) {
            for (index, name) in names.split(separator: " ").enumerated() { words[Array(name.utf8)] = number(index) }
        }
        add("zero one two three four five six seven eight nine") { .digit($0) }
        add("oh o nought naught nil") { _ in .digit(0) }
        add("ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen") { .teen(10 + $0) }
        add("twenty thirty forty fifty sixty seventy eighty ninety") { .tens(2 + $0) }
        add("fourty") { _ in .tens(4) }
        add("double triple") { .times(2 + $0) }
        add("treble") { _ in .times(3) }
        add("hundred thousand") { .zeros(2 + $0) }
        return words
    }()
}
