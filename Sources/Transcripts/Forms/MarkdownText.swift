/// A text that Markdown shows as it is: no markup, no HTML, no links.
struct MarkdownText: CustomStringConvertible {
    let description: String

    init(_ text: String) {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if Self.marks.contains(scalar) { result.append("\\") }
            result.append(scalar)
        }
        // What looks like an address becomes a link by itself in many programs.
        description = String(result).replacing("://", with: ":\\//").replacing("www.", with: "www\\.")
    }

    private static let marks: Set<Unicode.Scalar> = [
        "\\", "`", "*", "_", "[", "]", "<", ">", "&", "#", "|", "~", "$", "@",
    ]
}
