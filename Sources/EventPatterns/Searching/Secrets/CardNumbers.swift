import LinearExpressions

/// Finds card numbers: whole groups of digits, 13 to 19 together, whose last digit checks the others.
enum CardNumbers {
    private static let lengths = 13...19

    static func findings(in text: PlainText) -> TextFindings {
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

    /// The last group of the longest card number that begins with the first group.
    private static func lastGroup(_ groups: ArraySlice<DigitRun.Group>) -> Int? {
        var (digits, last) = ([UInt8](), Int?.none)
        for index in groups.indices {
            digits += groups[index].digits.prefix(lengths.upperBound + 1)
            if digits.count > lengths.upperBound { break }
            if digits.count >= lengths.lowerBound, isChecked(digits) { last = index }
        }
        return last
    }

    /// Whether the digits fulfil Luhn's formula. Nothing but zeros is no number.
    private static func isChecked(_ digits: [UInt8]) -> Bool {
        var sum = 0
        for (index, digit) in digits.reversed().enumerated() {
            let value = index.isMultiple(of: 2) ? Int(digit) : 2 * Int(digit)
            sum += value > 9 ? value - 9 : value
        }
        return sum.isMultiple(of: 10) && digits.contains { $0 != 0 }
    }
}
