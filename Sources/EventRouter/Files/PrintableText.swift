/// A text for people on one line: without what a terminal, an editor or a player would obey.
///
/// Control characters, line ends and marks that turn the direction of the text become spaces.
public struct PrintableText: Sendable, Hashable, CustomStringConvertible {
    /// The text.
    public let description: String

    /// Makes a text printable.
    ///
    /// - Parameters:
    ///   - text: what somebody said or sent.
    ///   - longest: how many characters (Unicode scalars) are kept; `…` stands for the rest.
    public init(_ text: String, longest: Int = .max) {
        if Self.isPrintableASCII(text), text.utf8.count <= longest {
            description = text
            return
        }
        // Nearly every text stays as it is, so it is looked through and not put together anew.
        let scalars = text.unicodeScalars
        var result = ""
        var (kept, index) = (scalars.startIndex, scalars.startIndex)
        var count = 0
        while index < scalars.endIndex, count < longest {
            if !Self.isPrintable(scalars[index]) {
                result += text[kept..<index]
                result.unicodeScalars.append(" ")
                kept = scalars.index(after: index)
            }
            scalars.formIndex(after: &index)
            count += 1
        }
        if kept == scalars.startIndex && index == scalars.endIndex {
            description = text
            return
        }
        result += text[kept..<index]
        if index < scalars.endIndex { result.unicodeScalars.append("…") }
        description = result
    }

    /// Whether it is so at a glance, as most texts are.
    private static func isPrintableASCII(_ text: String) -> Bool {
        text.utf8.withContiguousStorageIfAvailable { $0.allSatisfy { $0 >= 0x20 && $0 < 0x7F } } ?? false
    }

    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        // Looking a category up takes long.
        if scalar.isASCII { return scalar.value >= 0x20 && scalar.value != 0x7F }
        return switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: false
        // Marks that turn the direction of the text; but not the joiners that scripts and emoji are written with.
        case .format: scalar == "\u{200C}" || scalar == "\u{200D}"
        default: true
        }
    }
}
