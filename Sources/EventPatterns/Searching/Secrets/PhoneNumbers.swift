import LinearExpressions

/// Finds telephone numbers.
///
/// * international: `+` or `00`, then 8 to 15 digits in any groups;
/// * with a trunk prefix: 9 to 11 digits of which the first is 0, unless they look like a date;
/// * North American: 3, 3 and 4 digits, in groups or not, a 1 before them or not; neither area nor exchange begins with 0 or 1;
/// * three groups of three of which the first begins with 2 to 9, as in Spain and Portugal, with no digits before them;
/// * spoken, or digit by digit: 9 to 15 digits of at most two each that do not merely count.
///
/// A number in letters or behind a decimal point is none.
enum PhoneNumbers {
    private static let mostDigits = 17

    static func findings(in text: PlainText) -> TextFindings {
        var (ranges, open) = ([Range<Int>](), Int?.none)
        for run in DigitRunReader.runs(in: text) {
            for first in run.groups.indices {
                guard mayStart(run.groups, first, text.bytes), let last = lastGroup(run.groups[first...], text.bytes)
                else { continue }
                let start = start(run.groups[first].range.lowerBound, text.bytes)
                ranges.append(start..<run.groups[last].range.upperBound)
            }
            open = open ?? run.openStart(most: mostDigits).map { start($0, text.bytes) }
        }
        return text.findings(ranges, open: open ?? openPrefix(text.bytes))
    }

    /// Where the number begins of which a group is the first: with its `+` and `(`.
    private static func start(_ offset: Int, _ bytes: [UInt8]) -> Int {
        var start = offset
        while start > 0, offset - start < 3, "+(".utf8.contains(bytes[start - 1]) { start -= 1 }
        return start
    }

    /// A `+` or `(` at the text's end.
    private static func openPrefix(_ bytes: [UInt8]) -> Int? {
        let start = start(bytes.count, bytes)
        return start < bytes.count ? start : nil
    }

    /// Whether the group is neither within a word nor the fraction of a number.
    private static func mayStart(_ groups: [DigitRun.Group], _ index: Int, _ bytes: [UInt8]) -> Bool {
        let offset = groups[index].range.lowerBound
        guard offset > 0 else { return true }
        let byte = bytes[offset - 1]
        if byte.isLetter || byte == PlainText.letter || byte == UInt8(ascii: "_") { return false }
        guard index > 0, byte == UInt8(ascii: "."), groups[index - 1].range.upperBound == offset - 1 else {
            return true
        }
        return groups[index - 1].digits.count == 3 && groups[index].digits.count <= 4
    }

    /// The last group of the longest number that begins with the first group.
    private static func lastGroup(_ groups: ArraySlice<DigitRun.Group>, _ bytes: [UInt8]) -> Int? {
        let isInternational = isBehindPlus(groups[groups.startIndex].range.lowerBound, bytes)
        var (digits, lengths, last) = ([UInt8](), [Int](), Int?.none)
        for index in groups.indices {
            digits += groups[index].digits.prefix(mostDigits + 1)
            lengths.append(groups[index].digits.count)
            if digits.count > mostDigits { break }
            guard isEnd(groups[index].range.upperBound, bytes) else { continue }
            let isNumber =
                isInternational && (8...15).contains(digits.count) || isNational(digits, lengths)
                || lengths == [3, 3, 3] && digits[0] >= 2 && groups.startIndex == 0
                || isDictated(groups[groups.startIndex...index], digits.count)
            if isNumber { last = index }
        }
        return last
    }

    private static func isBehindPlus(_ offset: Int, _ bytes: [UInt8]) -> Bool {
        var offset = offset
        while offset > 0, "( ".utf8.contains(bytes[offset - 1]) { offset -= 1 }
        return offset > 0 && bytes[offset - 1] == UInt8(ascii: "+")
    }

    private static func isEnd(_ offset: Int, _ bytes: [UInt8]) -> Bool {
        guard offset < bytes.count else { return true }
        return !bytes[offset].isLetter && bytes[offset] != PlainText.letter && bytes[offset] != UInt8(ascii: "_")
    }

    private static func isNational(_ digits: [UInt8], _ lengths: [Int]) -> Bool {
        if digits[0] == 0 { return isTrunk(digits, lengths) }
        let rest = digits.count == 11 && digits[0] == 1 ? digits.dropFirst() : digits[...]
        let grouped = digits.count == 11 && lengths[0] == 1 ? lengths.dropFirst() : lengths[...]
        guard rest.count == 10, [[3, 3, 4], [3, 7], [10], [11]].contains(Array(grouped)) else { return false }
        return rest[rest.startIndex] >= 2 && rest[rest.startIndex + 3] >= 2
    }

    private static func isTrunk(_ digits: [UInt8], _ lengths: [Int]) -> Bool {
        let isDate = lengths.starts(with: [2, 2, 4])
        guard lengths[0] > 1, !isDate else { return false }
        if digits[1] == 0 { return (10...17).contains(digits.count) }
        return (9...11).contains(digits.count)
    }

    /// Whether somebody said the digits one by one or in pairs. Who counts from one to ten says no number.
    private static func isDictated(_ groups: ArraySlice<DigitRun.Group>, _ count: Int) -> Bool {
        guard (9...15).contains(count), groups.count >= 5 else { return false }
        guard groups.allSatisfy({ $0.digits.count == 1 || $0.isSpoken }) else { return false }
        let values = groups.map { group in group.digits.reduce(0) { $0 * 10 + Int($1) } }
        return !zip(values, values.dropFirst()).allSatisfy { $1 == $0 + 1 }
    }
}
