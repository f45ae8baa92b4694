import Foundation
import Testing

/// The guide does what it says, file by file and command by command.
@Suite(.timeLimit(.minutes(5))) struct GuideTests {
    /// A block of the guide: a file that the reader writes, or commands with what they print.
    private struct Block {
        var file: String?
        var lines: [String]
    }

    private static func blocks() throws -> [Block] {
        let path = BuiltProgram.package + "/Documentation/guides/from-a-shell-script-to-a-tool.md"
        var blocks: [Block] = []
        var open: Block?
        var file: String?
        for line in lineList(try String(contentsOfFile: path, encoding: .utf8)) {
            if line.hasPrefix("```") {
                if let block = open { blocks.append(block) }
                open = open == nil ? Block(file: line == "```console" ? nil : file, lines: []) : nil
            } else if open != nil {
                open?.lines.append(line)
            } else if let found = line.firstMatch(of: /The file `([^`]+)`:$/) {
                file = String(found.1)
            }
        }
        return blocks
    }

    @Test("The agents in the guide are those of the examples, which CI runs")
    func agents_areThoseOfTheExamples() throws {
        let guide = try String(
            contentsOfFile: BuiltProgram.package + "/Documentation/guides/connect-your-agent.md",
            encoding: .utf8)
        for (language, file) in [("python", "agent.py"), ("js", "agent.mjs")] {
            let agent = try String(contentsOfFile: "\(BuiltProgram.package)/Examples/Agents/\(file)", encoding: .utf8)
            #expect(guide.contains("```\(language)\n\(agent)```\n"), "\(file)")
        }
    }

    @Test func aShellScriptBecomesATool() async throws {
        let place = try Workplace()
        let path =
            "\(URL(filePath: BuiltProgram.path("realtime-router")).deletingLastPathComponent().path):/usr/bin:/bin"
        let blocks = try Self.blocks()
        #expect(blocks.count(where: { $0.file != nil }) == 3 && blocks.count > 6)
        for block in blocks {
            if let file = block.file {
                // Not by this process: a program that another child holds open for writing cannot be started.
                try await place.writeProgram(file, block.lines.map { $0 + "\n" }.joined())
                continue
            }
            var printed: [String] = []
            for line in block.lines where line.hasPrefix("$ ") {
                let ending = try await place.start(
                    ["/bin/sh", "-c", String(line.dropFirst(2))], environment: ["PATH": path]
                ).end()
                printed += [line] + lineList(ending.output) + lineList(ending.error)
            }
            #expect(masked(printed.joined(separator: "\n")) == masked(block.lines.joined(separator: "\n")))
        }
    }
}
