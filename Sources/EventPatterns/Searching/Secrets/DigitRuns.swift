/// Consecutive groups of digits in a text, written or spoken, with only separators and filler words between them.
struct DigitRun {
    /// Adjacent digits, or one spoken number.
    struct Group {
        var digits: [UInt8]
        /// The range of the normalized bytes.
        var range: Range<Int>
        var isSpoken: Bool
        /// Whether a following digit from one to nine belongs to the group, as in `forty one`.
        var acceptsUnit = false
    }

    var groups: [Group] = []
    /// Whether the run reaches the end of the text, so that more text could continue it.
    var isOpen = false
    /// If the run is open, the start of an unfinished word, or of a `double`, after the last group.
    var openWordStart: Int?

    /// Returns the start of the last groups that have at most `count` digits in total; nil unless the run is open.
    func openStart(most count: Int) -> Int? {
        guard isOpen else { return nil }
        var (start, total) = (openWordStart, 0)
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
/// Up to four spaces, dashes, dots, commas, slashes, underscores and parentheses may separate two groups, and so may
/// the filler words `and`, `dash`, `hyphen`, `space`, `dot`, `uh` and `um`.
struct DigitRunReader {
    private let bytes: [UInt8]
    private var offset = 0
    private var run = DigitRun()
    private var runs: [DigitRun] = []
    /// How often `double` or `triple` repeats the next digit, and where that word begins.
    private var multiplier: (count: Int, start: Int)?
    /// The number of separators since the last group or filler word.
    private var separators = 0

    private static let maxSeparators = 4
    private static let fillerWords = Set(["and", "dash", "hyphen", "space", "dot", "uh", "um"].map { Array($0.utf8) })

    static func runs(in text: NormalizedText) -> [DigitRun] {
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
                if Self.isSeparator(byte), separators < Self.maxSeparators {
                    separators += 1
                } else {
                    endRun()
                }
                offset += 1
            }
        }
        run.isOpen = !run.groups.isEmpty || run.openWordStart != nil || multiplier != nil
        run.openWordStart = multiplier?.start ?? run.openWordStart
        if run.isOpen { runs.append(run) }
        return runs
    }

    private mutating func readDigits() {
        let start = offset
        while offset < bytes.count, bytes[offset].isDigit { offset += 1 }
        var digits = bytes[start..<offset].map { $0 - 0x30 }
        if let multiplier, digits.count == 1 { digits = Array(repeating: digits[0], count: multiplier.count) }
        append(
            DigitRun.Group(digits: digits, range: (multiplier?.start ?? start)..<offset, isSpoken: multiplier != nil))
    }

    private mutating func readWord() {
        let start = offset
        while offset < bytes.count, bytes[offset].isLetter { offset += 1 }
        let word = bytes[start..<offset]
        let isWhole =
            (start == 0 || Self.isWordBoundary(bytes[start - 1]))
            && (offset == bytes.count || Self.isWordBoundary(bytes[offset]))
        guard isWhole else { return endRun() }
        if let number = SpokenNumber(word) {
            append(number, start..<offset)
        } else if Self.fillerWords.contains(Array(word)) {
            separators = 0
        } else if offset == bytes.count, mayContinue(word) {
            run.openWordStart = start
        } else {
            endRun()
        }
    }

    /// Whether the text's last word could become a word that continues the run.
    private func mayContinue(_ word: ArraySlice<UInt8>) -> Bool {
        SpokenNumber.mayBegin(word) || !run.groups.isEmpty && Self.fillerWords.contains { $0.starts(with: word) }
    }

    private mutating func append(_ number: SpokenNumber, _ range: Range<Int>) {
        switch number {
        case .digit(let digit):
            if let last = run.groups.indices.last, multiplier == nil, run.groups[last].acceptsUnit, digit > 0 {
                run.groups[last].digits[1] = UInt8(digit)
                run.groups[last].range = run.groups[last].range.lowerBound..<range.upperBound
                run.groups[last].acceptsUnit = false
                separators = 0
                return
            }
            let digits = Array(repeating: UInt8(digit), count: multiplier?.count ?? 1)
            append(
                DigitRun.Group(
                    digits: digits, range: (multiplier?.start ?? range.lowerBound)..<range.upperBound, isSpoken: true))
        case .teen(let value):
            append(DigitRun.Group(digits: [1, UInt8(value - 10)], range: range, isSpoken: true))
        case .tens(let value):
            var group = DigitRun.Group(digits: [UInt8(value), 0], range: range, isSpoken: true)
            group.acceptsUnit = true
            append(group)
        case .multiplier(let count):
            multiplier = (count, range.lowerBound)
            separators = 0
        case .zeros(let count):
            guard let last = run.groups.indices.last, run.groups[last].digits.count < 4 else { return endRun() }
            run.groups[last].digits += Array(repeating: 0, count: count)
            run.groups[last].range = run.groups[last].range.lowerBound..<range.upperBound
            run.groups[last].acceptsUnit = false
            separators = 0
        }
    }

    private mutating func append(_ group: DigitRun.Group) {
        run.groups.append(group)
        multiplier = nil
        separators = 0
    }

    private mutating func endRun() {
        if !run.groups.isEmpty { runs.append(run) }
        run = DigitRun()
        multiplier = nil
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

    private static func isWordBoundary(_ byte: UInt8) -> Bool {
        !byte.isLetter && !byte.isDigit && byte != NormalizedText.nonASCIILetter && byte != UInt8(ascii: "'")
    }
}

/// English words for dictated digits.
enum SpokenNumber {
    /// One digit: `four`, `oh`.
    case digit(Int)
    /// 10 to 19, for two digits: `eleven`.
    case teen(Int)
    /// The first digit of 20 to 90; another digit can follow: `forty one`.
    case tens(Int)
    /// `double` or `triple`: how often the next digit is repeated.
    case multiplier(Int)
    /// `hundred` or `thousand`: the number of zeros after the previous number.
    case zeros(Int)

    /// Looks up a word of lowercase letters; returns nil for any other word.
    init?(_ word: ArraySlice<UInt8>) {
        guard let number = word.count <= 8 ? Self.words[Array(word)] : nil else { return nil }
        self = number
    }

    /// Whether a number word begins with these letters.
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
        add("double triple") { .multiplier(2 + $0) }
        add("treble") { _ in .multiplier(3) }
        add("hundred thousand") { .zeros(2 + $0) }
        return words
    }()
}
