/// Where a pattern is found in a text, and what of the text is still undecided.
package struct TextFindings: Sendable, Hashable {
    /// The ranges of bytes that belong to any match, in order, none touching another.
    package var ranges: [Range<Int>]
    /// Where the longest end of the text begins that more text could turn into a match, or into a longer one; nil if no more text can.
    package var openStart: Int?

    /// Nothing found, and nothing open.
    package init(ranges: [Range<Int>] = [], openStart: Int? = nil) {
        self.ranges = ranges
        self.openStart = openStart
    }
}

extension [Range<Int>] {
    /// Adds a range that ends at or behind the end of all others.
    package mutating func join(_ range: Range<Int>) {
        var range = range
        while let last, last.upperBound >= range.lowerBound {
            range = Swift.min(last.lowerBound, range.lowerBound)..<Swift.max(last.upperBound, range.upperBound)
            removeLast()
        }
        append(range)
    }

    /// The same places as ranges in order, none touching another.
    package var joined: [Range<Int>] {
        var ranges: [Range<Int>] = []
        for range in sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = ranges.last, last.upperBound >= range.lowerBound {
                ranges[ranges.count - 1] = last.lowerBound..<Swift.max(last.upperBound, range.upperBound)
            } else {
                ranges.append(range)
            }
        }
        return ranges
    }
}
