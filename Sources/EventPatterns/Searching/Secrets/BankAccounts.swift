import LinearExpressions

/// Finds international bank account numbers (IBAN, ISO 13616): a country code, two check digits, and letters and digits
/// up to the length that the country uses. At least eight characters are digits. Up to two spaces or dashes may
/// separate two characters.
enum BankAccounts {
    private static let lengths = 15...34
    private static let maxSeparators = 2
    /// Excludes English text that looks like the start of an IBAN, such as `at 12 noon`.
    private static let minDigits = 8

    static func findings(in text: NormalizedText) -> TextFindings {
        let bytes = text.bytes
        var (ranges, open) = ([Range<Int>](), Int?.none)
        for start in bytes.indices where bytes[start].isLetter && (start == 0 || !isLetterOrDigit(bytes[start - 1])) {
            switch number(bytes, from: start) {
            case .ends(let end): ranges.append(start..<end)
            case .open(let end):
                if let end { ranges.append(start..<end) }
                open = open ?? start
            case .none: break
            }
        }
        return text.findings(ranges, open: open)
    }

    private enum Outcome {
        case ends(Int)
        /// The text ends where a longer number could continue. The value is the end of the complete number up to there;
        /// nil if there is no complete number yet.
        case open(Int?)
        case none
    }

    private static func number(_ bytes: [UInt8], from start: Int) -> Outcome {
        var (offset, separators, end) = (start, 0, Int?.none)
        var characters: [UInt8] = []
        var expectedCount: Int?
        while offset < bytes.count {
            let byte = bytes[offset]
            offset += 1
            guard isLetterOrDigit(byte) else {
                separators += 1
                guard " -".utf8.contains(byte), separators <= maxSeparators else {
                    return end.map { .ends($0) } ?? .none
                }
                continue
            }
            separators = 0
            characters.append(byte)
            guard hasValidPrefix(characters) else { return .none }
            if characters.count == 2 { expectedCount = lengthsByCountry[String(decoding: characters, as: UTF8.self)] }
            let isWhole = offset == bytes.count || !isLetterOrDigit(bytes[offset])
            if characters.count == expectedCount { return passesMod97(characters) ? .ends(offset) : .none }
            if expectedCount == nil, isWhole, lengths.contains(characters.count), passesMod97(characters) {
                end = offset
            }
            if characters.count == lengths.upperBound { return end.map { .ends($0) } ?? .none }
        }
        return .open(end)
    }

    /// Whether the characters so far are two letters, two digits, and then letters or digits.
    private static func hasValidPrefix(_ characters: [UInt8]) -> Bool {
        let index = characters.count - 1
        return index < 2 ? characters[index].isLetter : index < 4 ? characters[index].isDigit : true
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool { byte.isLetter || byte.isDigit }

    /// Validates the check digits: with the first four characters moved to the end, and letters read as 10 to 35, the
    /// number leaves 1 when divided by 97.
    private static func passesMod97(_ characters: [UInt8]) -> Bool {
        guard characters.count(where: \.isDigit) >= minDigits else { return false }
        let remainder = (characters.dropFirst(4) + characters.prefix(4)).reduce(0) { remainder, byte in
            byte.isDigit ? (remainder * 10 + Int(byte - 0x30)) % 97 : (remainder * 100 + Int(byte - 0x61) + 10) % 97
        }
        return remainder == 1
    }

    /// The length of an IBAN in each country.
    private static let lengthsByCountry: [String: Int] = {
        let table = """
            15 no 16 be 18 dk fi fk fo gl nl sd 19 mk si 20 at ba ee kz lt lu mn xk 21 ch hr li lv 22 bg bh cr de gb ge ie me rs va
            23 ae gi il iq om so tl 24 ad cz dz es md pk ro sa se sk tn vg 25 ao cv gw ly mz pt st 26 ir is tr
            27 bf bi cf cg cm dj eg fr ga gr it km mc mg mr sm td 28 al az bj by ci cy do gt hn hu lb ma ml ne ni pl sn sv tg
            29 br ps qa ua 30 jo kw mu ye 31 mt sc 32 lc 33 ru
            """
        var (lengthsByCountry, length) = ([String: Int](), 0)
        for word in table.split(whereSeparator: \.isWhitespace) {
            if let number = Int(word) { length = number } else { lengthsByCountry[String(word)] = length }
        }
        return lengthsByCountry
    }()
}
