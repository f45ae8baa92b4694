import LinearExpressions

/// Finds payment card numbers: whole groups of digits, 13 to 19 digits in total, that pass the Luhn check.
enum CardNumbers {
    private static let lengths = 13...19

    static func findings(in text: NormalizedText) -> TextFindings {
        var (ranges, open) = ([Range<Int>](), Int?.none)
        for run in DigitRunReader.runs(in: text) {
            for first in run.groups.indices {
                guard let last = lastGroup(run.groups[first...]) else { continue }
                ranges.append(run.groups[first].range.lowerBound..<run.groups[last].range.upperBound)
            }
            open = open ?? run.openStart(most: lengths.upperBound)
        }
        return text.findings(ranges, open: open)
    }

    /// Returns the last group of the longest card number that begins with the first group.
    private static func lastGroup(_ groups: ArraySlice<DigitRun.Group>) -> Int? {
        var (digits, last) = ([UInt8](), Int?.none)
        for index in groups.indices {
            digits += groups[index].digits.prefix(lengths.upperBound + 1)
            if digits.count > lengths.upperBound { break }
            if digits.count >= lengths.lowerBound, passesLuhn(digits) { last = index }
        }
        return last
    }

    /// Whether the digits pass the Luhn check and are not all zero.
    private static func passesLuhn(_ digits: [UInt8]) -> Bool {
        var sum = 0
        for (index, digit) in digits.reversed().enumerated() {
            let value = index.isMultiple(of: 2) ? Int(digit) : 2 * Int(digit)
            sum += value > 9 ? value - 9 : value
        }
        return sum.isMultiple(of: 10) && digits.contains { $0 != 0 }
    }
}
