/// The content of a TZif file (RFC 9636): the changes of a zone's offset, and the rule for later times.
struct TimeZoneFile: Sendable, Hashable {
    private struct Change: Hashable {
        /// Seconds since 1970.
        var moment: Int
        var offset: Int
    }

    /// The offset before the first change.
    private let first: Int
    /// The changes of the offset, in ascending order.
    private let changes: [Change]
    /// The rule after the last change; nil if the file has none.
    private let rule: POSIXTimeZoneRule?

    /// A zone whose offset never changes.
    init(offset: Int) {
        (first, changes, rule) = (offset, [], nil)
    }

    /// Returns nil if the bytes are not a TZif file.
    init?(_ bytes: [UInt8]) {
        guard let old = Header(bytes, at: 0) else { return nil }
        // From version 2 on, the file contains the data twice. The second block has 64-bit times.
        let isWide = old.version >= UInt8(ascii: "2")
        guard let header = isWide ? Header(bytes, at: old.end(timeSize: 4)) : old else { return nil }
        let timeSize = isWide ? 8 : 4
        let end = header.end(timeSize: timeSize)
        guard end <= bytes.count, header.types > 0, header.types <= 256 else { return nil }
        let offsets = (0..<header.types).map { type in
            Self.integer(bytes, header.typesStart(timeSize) + type * 6, size: 4)
        }
        var changes: [Change] = []
        for index in 0..<header.times {
            let type = Int(bytes[header.start + header.times * timeSize + index])
            let moment = Self.integer(bytes, header.start + index * timeSize, size: timeSize)
            guard type < offsets.count, changes.last.map({ $0.moment < moment }) ?? true else { return nil }
            changes.append(Change(moment: moment, offset: offsets[type]))
        }
        first = offsets[0]
        self.changes = changes
        rule = isWide ? Self.footer(bytes[end...]) : nil
    }

    /// Parses the rule between the two line ends after the data.
    private static func footer(_ bytes: ArraySlice<UInt8>) -> POSIXTimeZoneRule? {
        guard bytes.first == 0x0A else { return nil }
        return POSIXTimeZoneRule(String(decoding: bytes.dropFirst().prefix { $0 != 0x0A }, as: UTF8.self))
    }

    /// Reads a signed big-endian integer.
    private static func integer(_ bytes: [UInt8], _ start: Int, size: Int) -> Int {
        let value = bytes[start..<start + size].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return size == 4 ? Int(Int32(truncatingIfNeeded: value)) : Int(Int64(bitPattern: value))
    }

    /// The offset from UTC at a moment, in seconds.
    func offset(at moment: Int) -> Int {
        if let last = changes.last, moment >= last.moment { return rule?.offset(at: moment) ?? last.offset }
        if changes.isEmpty { return rule?.offset(at: moment) ?? first }
        var (low, high) = (0, changes.count)
        while low < high {
            let middle = (low + high) / 2
            if changes[middle].moment <= moment { low = middle + 1 } else { high = middle }
        }
        return low == 0 ? first : changes[low - 1].offset
    }

    /// The header of a block of data, which contains its counts.
    private struct Header {
        let version: UInt8
        /// The offset of the block's data in the file.
        let start: Int
        let times: Int
        let types: Int
        private let sizes: (utcFlags: Int, standardFlags: Int, leapSeconds: Int, characters: Int)

        init?(_ bytes: [UInt8], at position: Int) {
            guard position >= 0, bytes.count >= position + 44,
                bytes[position..<position + 4].elementsEqual("TZif".utf8)
            else { return nil }
            version = bytes[position + 4]
            start = position + 44
            // No real file has larger counts. The bound prevents overflows of sizes.
            let counts = (0..<6).map { TimeZoneFile.integer(bytes, position + 20 + $0 * 4, size: 4) }
            guard counts.allSatisfy({ (0...1 << 20).contains($0) }) else { return nil }
            (times, types) = (counts[3], counts[4])
            sizes = (counts[0], counts[1], counts[2], counts[5])
        }

        func typesStart(_ timeSize: Int) -> Int { start + times * (timeSize + 1) }

        func end(timeSize: Int) -> Int {
            typesStart(timeSize) + types * 6 + sizes.characters + sizes.leapSeconds * (timeSize + 4)
                + sizes.standardFlags + sizes.utcFlags
        }
    }
}
