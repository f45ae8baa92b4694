import EventJSON

/// A secret that the rules of the run know, with a number by which it is recognised wherever it leaks.
struct PlantedSecret {
    /// The name of members whose values are redacted.
    static let field = "ssn"
    /// An argument that a function redacts.
    static let argument = "card_no"

    /// The secret as written in the text.
    let text: String

    private init(_ text: String) { self.text = text }

    /// A payment card's number: its halves show which one it is, and that it is one.
    static func cardDigits(_ number: Int) -> String {
        let digits = "4975" + padded(number, 4) + "8642" + padded(number % 1000, 3)
        return digits + String((0...9).first { isChecked(digits + String($0)) } ?? 0)
    }

    /// A secret of some kind, written in some way.
    static func any(_ number: Int, _ random: inout some RandomNumberGenerator) -> PlantedSecret {
        switch Int.random(in: 0..<14, using: &random) {
        case 0...3: PlantedSecret(card(number, &random))
        case 4: PlantedSecret(spoken(cardDigits(number)))
        case 5: PlantedSecret("zm\(padded(number, 6))@example.org")
        case 6:
            PlantedSecret(
                [
                    "+1 497 5\(padded(number, 4).prefix(2))-\(padded(number, 4).suffix(2))00",
                    "(497) 5\(padded(number, 4).prefix(2))-\(padded(number, 4).suffix(2))00",
                ].randomElement(using: &random)!)
        case 7: PlantedSecret(iban(number))
        case 8: PlantedSecret("zq\(padded(number, 6))")
        case 9:
            PlantedSecret(
                ["velvet hammer", "Velvet\u{A0}Ham\u{200B}mer", "ｖｅｌｖｅｔ hammer"].randomElement(using: &random)!
                    + padded(number, 6))
        case 10: PlantedSecret("{\"a\":[{\"\(field)\":\"kx\(padded(number, 6))\"}]}")
        case 11: PlantedSecret("{\"a\":1,\"\(escaped(field, &random))\":\"kx\(padded(number, 6))")
        case 12: PlantedSecret("see {\(field): 'kx\(padded(number, 6))'}")
        default: PlantedSecret("{\"\(escaped("card", &random))\": \"\(escaped(cardDigits(number), &random))")
        }
    }

    /// A card number with separators between its digits.
    static func card(_ number: Int, _ random: inout some RandomNumberGenerator) -> String {
        let digits = cardDigits(number)
        let separator = ["", " ", "-", "\u{A0}", "\u{202F}", " - ", "\u{2011}", "\u{200B}"].randomElement(
            using: &random)!
        let grouped = stride(from: 0, to: 16, by: 4).map { digits.dropFirst($0).prefix(4) }.joined(separator: separator)
        guard Int.random(in: 0..<5, using: &random) == 0 else { return grouped }
        var wide = String.UnicodeScalarView()
        wide.append(
            contentsOf: grouped.unicodeScalars.map {
                ("0"..."9").contains($0) ? Unicode.Scalar($0.value + 0xFEE0)! : $0
            })
        return String(wide)
    }

    /// The secret in JSON, with some letters as escapes.
    static func literal(_ text: String, _ random: inout some RandomNumberGenerator) -> String {
        guard Int.random(in: 0..<4, using: &random) == 0 else { return JSONValue.string(text).description }
        return "\""
            + text.unicodeScalars.map { scalar in
                scalar.isASCII && (Bool.random(using: &random) || !scalar.properties.isAlphabetic && scalar != " ")
                    ? unicodeEscape(scalar, &random)
                    : String(JSONValue.string(String(scalar)).description.dropFirst().dropLast())
            }.joined() + "\""
    }

    private static func escaped(_ text: String, _ random: inout some RandomNumberGenerator) -> String {
        text.unicodeScalars.map { Bool.random(using: &random) ? unicodeEscape($0, &random) : String($0) }.joined()
    }

    private static func unicodeEscape(_ scalar: Unicode.Scalar, _ random: inout some RandomNumberGenerator) -> String {
        let digits = String(scalar.value, radix: 16, uppercase: Bool.random(using: &random))
        return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    }

    private static func spoken(_ digits: String) -> String {
        let words = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
        return digits.compactMap(\.wholeNumberValue).map { words[$0] }.joined(separator: " ")
    }

    private static func iban(_ number: Int) -> String {
        let account = "4975" + padded(number, 4) + "0000000000"
        let remainder = (account + "131400").reduce(0) { ($0 * 10 + $1.wholeNumberValue!) % 97 }
        return "DE" + padded(98 - remainder, 2) + account
    }

    static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(width - digits.count, 0)) + digits
    }

    private static func isChecked(_ digits: String) -> Bool {
        digits.reversed().enumerated().reduce(0) { sum, pair in
            let value = pair.element.wholeNumberValue! * (pair.offset % 2 == 0 ? 1 : 2)
            return sum + value / 10 + value % 10
        } % 10 == 0
    }
}
