/// Text that somebody said or sent, as one line for people: without what a terminal, an editor or a player would obey.
///
/// Control characters, line ends and marks that change the direction of the text become spaces.
public struct PrintableText: Sendable, Hashable, CustomStringConvertible {
    /// The text.
    public let description: String

    /// Makes a text printable.
    ///
    /// - Parameters:
    ///   - text: what somebody said or sent.
    ///   - longest: how many characters (Unicode scalars) are kept; `…` replaces the rest.
    public init(_ text: String, longest: Int = .max) {
        if text.isPrintableASCII, text.utf8.count <= longest {
            description = text
            return
        }
        // Nearly every text stays as it is, so it is searched first and rebuilt only if need be.
        let scalars = text.unicodeScalars
        var result = ""
        var (kept, index) = (scalars.startIndex, scalars.startIndex)
        var count = 0
        while index < scalars.endIndex, count < longest {
            if !scalars[index].isPrintable {
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
}

extension Unicode.Scalar {
    /// Whether the scalar neither controls a terminal nor changes the direction of the text.
    fileprivate var isPrintable: Bool {
        // Looking a category up takes long.
        if isASCII { return value >= 0x20 && value != 0x7F }
        return switch properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: false
        // Marks of direction are of this category, and so are the joiners that scripts and emoji are written with.
        case .format: self == "\u{200C}" || self == "\u{200D}"
        default: true
        }
    }

    /// The scalar itself, or a visible symbol in place of one that is not printable. The symbol is one column wide.
    var printable: Unicode.Scalar {
        if isPrintable { return self }
        return switch value {
        case 0..<0x20: Unicode.Scalar(0x2400 + value) ?? "\u{FFFD}"
        case 0x7F: "\u{2421}"
        default: "\u{FFFD}"
        }
    }

    /// How many cells of a terminal the scalar takes: 0 for marks on another, 2 for wide ones.
    var displayWidth: Int {
        switch properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: return 0
        default: break
        }
        switch value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
            0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6,
            0x20000...0x3FFFD:
            return 2
        default:
            return properties.isEmojiPresentation ? 2 : 1
        }
    }
}

extension String {
    /// The text with a visible symbol in place of each scalar that is not printable: for names, paths and lines of files, where a
    /// reader must see that something is there.
    package var printable: String {
        if isPrintableASCII { return self }
        var text = ""
        for scalar in unicodeScalars { text.unicodeScalars.append(scalar.printable) }
        return text
    }

    /// Whether nothing but printable ASCII is in the text, as is most often the case.
    fileprivate var isPrintableASCII: Bool {
        utf8.withContiguousStorageIfAvailable { $0.allSatisfy { $0 >= 0x20 && $0 < 0x7F } } ?? false
    }
}

/// Text from a file as messages quote it: between back quotes, cut when it is long.
public func quoted(_ text: String) -> String {
    let limit = 60
    let scalars = text.unicodeScalars
    guard let end = scalars.index(scalars.startIndex, offsetBy: limit, limitedBy: scalars.endIndex),
        end < scalars.endIndex
    else { return "`" + text + "`" }
    return "`" + String(scalars[..<end]) + "…`"
}
