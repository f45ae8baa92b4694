extension Unicode.Scalar {
    /// The scalar itself, or what stands in for it where it would control the terminal or turn the text around.
    var printable: Unicode.Scalar {
        switch value {
        case 0..<0x20: return Unicode.Scalar(0x2400 + value) ?? "\u{FFFD}"
        case 0x7F: return "\u{2421}"
        case 0x80..<0xA0, 0x2028, 0x2029, 0x202A...0x202E, 0x2066...0x2069: return "\u{FFFD}"
        default: return self
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
    /// The text with everything replaced that could control a terminal.
    package var printable: String {
        var text = ""
        for scalar in unicodeScalars { text.unicodeScalars.append(scalar.printable) }
        return text
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
