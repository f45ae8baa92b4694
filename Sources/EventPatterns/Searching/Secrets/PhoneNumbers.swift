import LinearExpressions

/// Finds phone numbers.
///
/// * International: `+` or `00`, then 8 to 15 digits in any groups.
/// * With a trunk prefix: 9 to 11 digits that begin with 0, unless they look like a date.
/// * North American: 3, 3 and 4 digits, grouped or not, with or without a leading 1. Neither the area code nor the
///   exchange begins with 0 or 1.
/// * Spanish and Portuguese: three groups of three digits that begin with 2 to 9, with no digits before them.
/// * Dictated: 9 to 15 digits, spoken or in single digits, unless each number is one more than the previous one.
///
/// A number that touches letters, or that follows a decimal point, does not count.
enum PhoneNumbers {
    private static let maxDigits = 17

    static func findings(in text: NormalizedText) -> TextFindings {
        var (ranges, open) = ([Range<Int>](), Int?.none)
        for run in DigitRunReader.runs(in: text) {
            for first in run.groups.indices {
                guard canStart(run.groups, first, text.bytes), let last = lastGroup(run.groups[first...], text.bytes)
                else { continue }
                let start = start(run.groups[first].range.lowerBound, text.bytes)
                ranges.append(start..<run.groups[last].range.upperBound)
            }
            open = open ?? run.openStart(most: maxDigits).map { start($0, text.bytes) }
        }
        return text.findings(ranges, open: open ?? openPrefix(text.bytes))
    }

    /// Extends the start of a number's first group to include `+` and `(`.
    private static func start(_ offset: Int, _ bytes: [UInt8]) -> Int {
        var start = offset
        while start > 0, offset - start < 3, "+(".utf8.contains(bytes[start - 1]) { start -= 1 }
        return start
    }

    /// Returns the start of a `+` or `(` at the text's end.
    private static func openPrefix(_ bytes: [UInt8]) -> Int? {
        let start = start(bytes.count, bytes)
        return start < bytes.count ? start : nil
    }

    /// Whether the group is neither inside a word nor the fraction of a decimal number.
    private static func canStart(_ groups: [DigitRun.Group], _ index: Int, _ bytes: [UInt8]) -> Bool {
        let offset = groups[index].range.lowerBound
        guard offset > 0 else { return true }
        let byte = bytes[offset - 1]
        if byte.isLetter || byte == NormalizedText.nonASCIILetter || byte == UInt8(ascii: "_") { return false }
        guard index > 0, byte == UInt8(ascii: "."), groups[index - 1].range.upperBound == offset - 1 else {
            return true
        }
        return groups[index - 1].digits.count == 3 && groups[index].digits.count <= 4
    }

    /// Returns the last group of the longest phone number that begins with the first group.
    private static func lastGroup(_ groups: ArraySlice<DigitRun.Group>, _ bytes: [UInt8]) -> Int? {
        let isInternational = followsPlus(groups[groups.startIndex].range.lowerBound, bytes)
        var (digits, lengths, last) = ([UInt8](), [Int](), Int?.none)
        for index in groups.indices {
            digits += groups[index].digits.prefix(maxDigits + 1)
            lengths.append(groups[index].digits.count)
            if digits.count > maxDigits { break }
            guard canEnd(groups[index].range.upperBound, bytes) else { continue }
            let isNumber =
                isInternational && (8...15).contains(digits.count) || isNational(digits, lengths)
                || lengths == [3, 3, 3] && digits[0] >= 2 && groups.startIndex == 0
                || isDictated(groups[groups.startIndex...index], digits.count)
            if isNumber { last = index }
        }
        return last
    }

    private static func followsPlus(_ offset: Int, _ bytes: [UInt8]) -> Bool {
        var offset = offset
        while offset > 0, "( ".utf8.contains(bytes[offset - 1]) { offset -= 1 }
        return offset > 0 && bytes[offset - 1] == UInt8(ascii: "+")
    }

    private static func canEnd(_ offset: Int, _ bytes: [UInt8]) -> Bool {
        guard offset < bytes.count else { return true }
        return !bytes[offset].isLetter && bytes[offset] != NormalizedText.nonASCIILetter
            && bytes[offset] != UInt8(ascii: "_")
    }

    private static func isNational(_ digits: [UInt8], _ lengths: [Int]) -> Bool {
        if digits[0] == 0 { return isWithTrunkPrefix(digits, lengths) }
        let rest = digits.count == 11 && digits[0] == 1 ? digits.dropFirst() : digits[...]
        let grouped = digits.count == 11 && lengths[0] == 1 ? lengths.dropFirst() : lengths[...]
        guard rest.count == 10, [[3, 3, 4], [3, 7], [10], [11]].contains(Array(grouped)) else { return false }
        return rest[rest.startIndex] >= 2 && rest[rest.startIndex + 3] >= 2
    }

    private static func isWithTrunkPrefix(_ digits: [UInt8], _ lengths: [Int]) -> Bool {
        let isDate = lengths.starts(with: [2, 2, 4])
        guard lengths[0] > 1, !isDate else { return false }
        if digits[1] == 0 { return (10...17).contains(digits.count) }
        return (9...11).contains(digits.count)
    }

    /// Whether the digits are dictated, one by one or as spoken numbers. Counting from one to ten is not a phone
    /// number.
    private static func isDictated(_ groups: ArraySlice<DigitRun.Group>, _ count: Int) -> Bool {
        guard (9...15).contains(count), groups.count >= 5 else { return false }
        guard groups.allSatisfy({ $0.digits.count == 1 || $0.isSpoken }) else { return false }
        let values = groups.map { group in group.digits.reduce(0) { $0 * 10 + Int($1) } }
        return !zip(values, values.dropFirst()).allSatisfy { $1 == $0 + 1 }
    }
}
