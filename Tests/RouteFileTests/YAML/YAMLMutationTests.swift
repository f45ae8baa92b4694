import ConfigSource
import RouteFile
import Testing

/// Whatever a file holds, there is a document or an error that says why there is none, and its place is in the file.
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
    func aDocumentOrAnError(_ seed: UInt64) {
        var random = SplitMix(state: seed)
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

/// A generator of the same numbers in every run.
private struct SplitMix {
    var state: UInt64

    mutating func below(_ bound: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((z ^ (z >> 31)) % UInt64(bound))
    }
}
