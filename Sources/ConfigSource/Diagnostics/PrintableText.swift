/// Untrusted text as one printable line, without characters that control a terminal, an editor or a media player.
///
/// Control characters, line ends and marks that change the text direction become spaces.
public struct PrintableText: Sendable, Hashable, CustomStringConvertible {
    /// The text.
    public let description: String

    /// Makes a text printable.
    ///
    /// - Parameters:
    ///   - text: The untrusted text.
    ///   - longest: The number of characters (Unicode scalars) to keep; `…` replaces the rest.
    public init(_ text: String, longest: Int = .max) {
        if text.isPrintableASCII, text.utf8.count <= longest {
            description = text
            return
        }
        // Nearly every text is printable already, so the text is searched first, and rebuilt only if needed.
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
        // ASCII avoids the slow category lookup.
        if isASCII { return value >= 0x20 && value != 0x7F }
        return switch properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: false
        // Direction marks have this category. So do the joiners that some scripts and emoji need.
        case .format: self == "\u{200C}" || self == "\u{200D}"
        default: true
        }
    }

    /// The scalar itself if it is printable, otherwise a visible symbol that is one column wide.
    var printable: Unicode.Scalar {
        if isPrintable { return self }
        return switch value {
        case 0..<0x20: Unicode.Scalar(0x2400 + value) ?? "\u{FFFD}"
        case 0x7F: "\u{2421}"
        default: "\u{FFFD}"
        }
    }

    /// The number of terminal columns that the scalar takes: 0 for combining marks, 2 for wide scalars.
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
    /// The text with a visible symbol in place of each scalar that is not printable. Use it for names, paths and lines
    /// of files, where a reader must see that something is there.
    package var printable: String {
        if isPrintableASCII { return self }
        var text = ""
        for scalar in unicodeScalars { text.unicodeScalars.append(scalar.printable) }
        return text
    }

    /// Whether the text consists of printable ASCII, like most texts.
    fileprivate var isPrintableASCII: Bool {
        utf8.withContiguousStorageIfAvailable { $0.allSatisfy { $0 >= 0x20 && $0 < 0x7F } } ?? false
    }
}

/// Quotes text from a file for a message: puts it between backquotes, and truncates it if it is long.
public func quoted(_ text: String) -> String {
    let limit = 60
    let scalars = text.unicodeScalars
    guard let end = scalars.index(scalars.startIndex, offsetBy: limit, limitedBy: scalars.endIndex),
        end < scalars.endIndex
    else { return "`" + text + "`" }
    return "`" + String(scalars[..<end]) + "…`"
}
