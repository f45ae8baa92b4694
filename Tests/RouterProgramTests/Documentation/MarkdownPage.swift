import Foundation

/// A Markdown file of the package, with what can be checked in it.
struct MarkdownPage: Sendable {
    /// The path within the package, such as `Documentation/README.md`.
    let path: String
    private(set) var blocks: [Block] = []
    /// Files that an HTML comment holds: `<!-- NAME`, the lines of the file, `-->`. Readers do not see them.
    private(set) var hiddenFiles: [(name: String, text: String, line: Int)] = []
    private(set) var links: [(target: String, line: Int)] = []
    /// The anchors of the headings, as GitHub makes them.
    private(set) var anchors: Set<String> = []
    /// The inline code of the prose.
    private(set) var inlineCode: [(text: String, line: Int)] = []

    /// A fenced block.
    struct Block: Sendable {
        /// The first word after the fence: `yaml`, `console`, `swift`, …
        let language: String
        /// The other words: `fragment`, `sources.agents`, `env=SLOT=01`.
        let attributes: [String]
        /// The file that the reader is told to write it into: `The file `NAME`:` before the block, or `# NAME` as the first line of YAML.
        let fileName: String?
        let line: Int
        var lines: [String] = []

        var text: String { lines.map { $0 + "\n" }.joined() }

        /// The value of an attribute `NAME=VALUE`.
        func attribute(_ name: String) -> String? {
            attributes.first { $0.hasPrefix(name + "=") }.map { String($0.dropFirst(name.count + 1)) }
        }
    }

    init(path: String, text: String) {
        self.path = path
        var open: Block?
        var indentation = 0
        var hidden: (name: String, lines: [String], line: Int)?
        var fileName: String?
        var paragraph: (text: String, line: Int)?
        let lines = lineList(text)
        for (index, line) in lines.enumerated() {
            let number = index + 1
            let trimmed = line.drop { $0 == " " }
            if var block = open {
                if trimmed.hasPrefix("```") {
                    blocks.append(block)
                    open = nil
                } else {
                    block.lines.append(String(line.dropFirst(min(indentation, line.count - trimmed.count))))
                    open = block
                }
            } else if hidden != nil {
                if line == "-->" {
                    hiddenFiles.append((hidden!.name, hidden!.lines.map { $0 + "\n" }.joined(), hidden!.line))
                    hidden = nil
                } else {
                    hidden!.lines.append(line)
                }
            } else if trimmed.hasPrefix("```") {
                readProse(&paragraph)
                let words = trimmed.drop { $0 == "`" }.split(separator: " ").map(String.init)
                indentation = line.count - trimmed.count
                if words.first == "yaml", fileName == nil, index + 1 < lines.count,
                    let found = lines[index + 1].wholeMatch(of: /# (\S+\.yml)/)
                {
                    fileName = String(found.1)
                }
                open = Block(
                    language: words.first ?? "", attributes: Array(words.dropFirst()), fileName: fileName, line: number)
                fileName = nil
            } else if let found = line.wholeMatch(of: /<!-- (\S+\.\S+)/) {
                hidden = (String(found.1), [], number)
            } else {
                if let found = line.firstMatch(of: /The file `([^`]+)`:$/) { fileName = String(found.1) }
                if line.hasPrefix("#") { anchors.insert(Self.anchor(of: line)) }
                let standsAlone = trimmed.hasPrefix("|") || trimmed.hasPrefix("#")
                if trimmed.isEmpty || standsAlone { readProse(&paragraph) }
                if standsAlone {
                    paragraph = (line, number)
                    readProse(&paragraph)
                } else if !trimmed.isEmpty {
                    paragraph = paragraph.map { ("\($0.text) \(trimmed)", $0.line) } ?? (line, number)
                }
            }
        }
        readProse(&paragraph)
        if open != nil || hidden != nil {
            blocks.append(Block(language: "unclosed", attributes: [], fileName: nil, line: 0))
        }
    }

    /// Reads the links and the code in a paragraph, which can go on over line ends, and clears it.
    private mutating func readProse(_ paragraph: inout (text: String, line: Int)?) {
        guard let (text, line) = paragraph else { return }
        paragraph = nil
        inlineCode += text.matches(of: /`([^`]+)`/).map { (String($0.1), line) }
        let plain = text.replacing(/`[^`]*`/) { String(repeating: "x", count: $0.output.count) }
        links += plain.matches(of: /\]\(([^)\s]+)\)/).map { (String($0.1), line) }
    }

    /// The anchor that GitHub makes of a heading.
    static func anchor(of heading: String) -> String {
        let title = heading.drop { $0 == "#" }.drop { $0 == " " }.lowercased()
        return String(
            title.compactMap { character in
                if character == " " { return "-" }
                return character.isLetter || character.isNumber || character == "-" || character == "_"
                    ? character : nil
            })
    }
}
