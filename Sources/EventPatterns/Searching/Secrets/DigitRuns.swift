/// Digits that follow each other in a text with little between them, written or spoken.
struct DigitRun {
    /// Digits without a gap, or one spoken number.
    struct Group {
        var digits: [UInt8]
        /// Its range of plain bytes.
        var range: Range<Int>
        var isSpoken: Bool
        /// Whether a digit from one to nine that follows belongs to it, as in `forty one`.
        var takesUnit = false
    }

    var groups: [Group] = []
    /// Whether more text could continue it.
    var isOpen = false
    /// Where an unfinished word or a `double` begins behind the last group, when the run is open.
    var openWord: Int?

    /// Where the last groups begin that have at most so many digits together; nil unless the run is open.
    func openStart(most count: Int) -> Int? {
        guard isOpen else { return nil }
        var (start, total) = (openWord, 0)
        for group in groups.reversed() {
            total += group.digits.count
            if total > count { break }
            start = group.range.lowerBound
        }
        return start
    }
}

/// Finds the runs of digits in a text.
///
/// Between two groups may stand up to four of blanks, dashes, dots, commas, slashes and brackets, and the words that people fill
/// gaps with: `and`, `dash`, `hyphen`, `space`, `dot`, `uh`, `um`.
struct DigitRunReader {
    private let bytes: [UInt8]
    private var offset = 0
    private var run = DigitRun()
    private var runs: [DigitRun] = []
    /// What `double` or `triple` does to the next digit, and where it stands.
    private var times: (count: Int, start: Int)?
    /// Separators since the last group.
    private var separators = 0

    private static let mostSeparators = 4
    private static let fillers = Set(["and", "dash", "hyphen", "space", "dot", "uh", "um"].map { Array($0.utf8) })

    static func runs(in text: PlainText) -> [DigitRun] {
        var reader = DigitRunReader(bytes: text.bytes)
        return reader.read()
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    private mutating func read() -> [DigitRun] {
        while offset < bytes.count {
            let byte = bytes[offset]
            if byte.isDigit {
                readDigits()
            } else if byte.isLetter {
                readWord()
            } else {
                if Self.isSeparator(byte), separators < Self.mostSeparators {
                    separators += 1
                } else {
                    endRun()
                }
                offset += 1
            }
        }
        run.isOpen = !run.groups.isEmpty || run.openWord != nil || times != nil
        run.openWord = times?.start ?? run.openWord
        if run.isOpen { runs.append(run) }
        return runs
    }

    private mutating func readDigits() {
        let start = offset
        while offset < bytes.count, bytes[offset].isDigit { offset += 1 }
        var digits = bytes[start..<offset].map { $0 - 0x30 }
        if let times, digits.count == 1 { digits = Array(repeating: digits[0], count: times.count) }
        append(DigitRun.Group(digits: digits, range: (times?.start ?? start)..<offset, isSpoken: times != nil))
    }

    private mutating func readWord() {
        let start = offset
        while offset < bytes.count, bytes[offset].isLetter { offset += 1 }
        let word = bytes[start..<offset]
        let isWhole =
            (start == 0 || Self.mayTouchWord(bytes[start - 1]))
            && (offset == bytes.count || Self.mayTouchWord(bytes[offset]))
        guard isWhole else { return endRun() }
        if let number = SpokenNumber(word) {
            take(number, start..<offset)
        } else if Self.fillers.contains(Array(word)) {
            separators = 0
        } else if offset == bytes.count, mayGrow(word) {
            run.openWord = start
        } else {
            endRun()
        }
    }

    /// Whether the text's last word is the beginning of one that belongs to a run.
    private func mayGrow(_ word: ArraySlice<UInt8>) -> Bool {
        SpokenNumber.mayBegin(word) || !run.groups.isEmpty && Self.fillers.contains { $0.starts(with: word) }
    }

    private mutating func take(_ number: SpokenNumber, _ range: Range<Int>) {
        switch number {
        case .digit(let digit):
            if let last = run.groups.indices.last, times == nil, run.groups[last].takesUnit, digit > 0 {
                run.groups[last].digits[1] = UInt8(digit)
                run.groups[last].range = run.groups[last].range.lowerBound..<range.upperBound
                run.groups[last].takesUnit = false
                separators = 0
                return
            }
            let digits = Array(repeating: UInt8(digit), count: times?.count ?? 1)
            append(
                DigitRun.Group(
                    digits: digits, range: (times?.start ?? range.lowerBound)..<range.upperBound, isSpoken: true))
        case .teen(let value):
            append(DigitRun.Group(digits: [1, UInt8(value - 10)], range: range, isSpoken: true))
        case .tens(let value):
            var group = DigitRun.Group(digits: [UInt8(value), 0], range: range, isSpoken: true)
            group.takesUnit = true
            append(group)
        case .times(let count):
            times = (count, range.lowerBound)
            separators = 0
        case .zeros(let count):
            guard let last = run.groups.indices.last, run.groups[last].digits.count < 4 else { return endRun() }
            run.groups[last].digits += Array(repeating: 0, count: count)
            run.groups[last].range = run.groups[last].range.lowerBound..<range.upperBound
            run.groups[last].takesUnit = false
            separators = 0
        }
    }

    private mutating func append(_ group: DigitRun.Group) {
        run.groups.append(group)
        times = nil
        separators = 0
    }

    private mutating func endRun() {
        if !run.groups.isEmpty { runs.append(run) }
        run = DigitRun()
        times = nil
        separators = 0
    }

    private static func isSeparator(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: " "), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: ","), UInt8(ascii: "/"),
            UInt8(ascii: "("),
            UInt8(ascii: ")"), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    private static func mayTouchWord(_ byte: UInt8) -> Bool {
        !byte.isLetter && !byte.isDigit && byte != PlainText.letter && byte != UInt8(ascii: "'")
    }
}

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
