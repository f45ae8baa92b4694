import ConfigSource
import RouteFile
import SeededNumbers
import Testing

/// Any file gives a document, or an error whose location is in the file.
@Suite struct YAMLMutationTests {
    private static let file = """
        version: 1
        lists: { home_tools: [lights_on, "x"] }
        handlers:
          tools:
            command: [./get, --city, "{city}"]  # argv
            text: |
              many
              lines
        routes:
          - name: 'refunds'
            match: { type: a.b, text: [ { phrase: [ "refund*", lawyer ] } ] }
            to: &x [meter, page]
          - name: y
            to: *x
        """
    private static let pieces: [String] = [
        "[", "]", "{", "}", ":", ": ", ",", "\"", "'", "\n", "\t", "- ", "? ", "*", "&a ", "!x ", "#", " #", "|", ">",
        "%", "@",
        "`", "  ", "---\n", "...\n", "\\", "x", "<<: ", "é", "*x", "\u{0}", "\u{FEFF}", "\r", "!<", "%YAML 3\n",
        "\"\\u",
    ]

    @Test(arguments: 1...16)
    func mutatedFile_givesDocumentOrError(_ seed: UInt64) {
        var random = SplitMix(seed: seed)
        let base = Array(Self.file)
        for _ in 0..<150 {
            var text = base
            if random.below(3) == 0 { text = Array(text.dropFirst(random.below(text.count)).prefix(60)) }
            for _ in 0...random.below(4) {
                let start = random.below(text.count + 1)
                let end = min(text.count, start + random.below(3))
                text.replaceSubrange(start..<end, with: Self.pieces[random.below(Self.pieces.count)])
            }
            check(String(text))
        }
    }

    private func check(_ text: String) {
        let file = SourceFile(path: "r.yml", text: text)
        let diagnostics = Diagnostics()
        let node = YAML.read(file, diagnostics)
        #expect(node != nil || diagnostics.hasErrors, "\(text.debugDescription)")
        for item in diagnostics.items {
            let location = item.location ?? SourceLocation(line: 0, column: 0)
            let line = file.text(ofLine: location.line)
            let isInside = 1...file.lineCount ~= location.line && 1...line.unicodeScalars.count + 1 ~= location.column
            #expect(isInside, "\(item.message) at \(location) in \(text.debugDescription)")
            #expect(!item.message.contains("did not find") && !item.message.contains("while "))
        }
    }
}
