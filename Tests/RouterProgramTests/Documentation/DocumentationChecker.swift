import EventJSON
import Foundation

/// Holds a page of the documentation to what it shows.
///
/// | block | what is done with it |
/// |---|---|
/// | `yaml` | a whole routes.yml: `check` finds no error. `program=NAME` has another program check it, `env=NAME=VALUE` sets a variable |
/// | `yaml fragment PATH` | the same, after it was put under the keys of PATH in a whole file; a list without PATH is one of routes |
/// | `yaml script` | `mock` plays it |
/// | `yaml pattern` | left to `PatternLanguageTests` |
/// | `console` | its commands run, and print what it shows; `…` stands for the rest of a line, or for any lines |
/// | `sh` | its commands and options exist |
/// | `swift` | it is in a file that is compiled with the tests or examples, apart from the indentation |
/// | `json` | it is valid JSON, or each of its lines is |
/// | `python`, `js` | the interpreter can parse it, where there is one |
/// | `ini`, `text`, `swift package` | nothing |
actor DocumentationChecker {
    private(set) var counts: [String: Int] = [:]
    private var help: [String: String] = [:]
    private let pages: [String: MarkdownPage]
    private let compiled: [[String]]

    init(pages: [MarkdownPage] = []) throws {
        self.pages = Dictionary(uniqueKeysWithValues: pages.map { ($0.path, $0) })
        compiled = try Self.compiledFiles().map { path in
            lineList(try String(contentsOfFile: path, encoding: .utf8)).map(Self.trimmed)
        }
    }

    /// What is wrong with a page: a line and a reason each.
    func problems(of page: MarkdownPage) async throws -> [String] {
        let place = try Workplace()
        for folder in ["scripts", "bin"] { try place.makeFolder(folder) }
        try await place.writeProgram("bin/bwrap", "#!/bin/sh\n")
        try await place.writeProgram("scripts/quickstart", "#!/bin/sh\nexec QuickStart\n")
        for file in page.hiddenFiles { try place.write(file.name, file.text) }
        var problems: [String] = []
        for block in page.blocks {
            if let name = block.fileName { try await place.writeProgram(name, block.text) }
            if let problem = try await problem(of: block, page, place) {
                problems.append("\(page.path):\(block.line): \(problem)")
            }
        }
        for (text, line) in page.inlineCode {
            for problem in try await unknownOptions(in: text) { problems.append("\(page.path):\(line): \(problem)") }
        }
        for (target, line) in page.links {
            if let problem = problem(ofLink: target, page) { problems.append("\(page.path):\(line): \(problem)") }
        }
        return problems
    }

    private func count(_ kind: String) { counts[kind, default: 0] += 1 }

    private func problem(of block: MarkdownPage.Block, _ page: MarkdownPage, _ place: Workplace) async throws -> String?
    {
        switch (block.language, block.attributes.first) {
        case ("yaml", "pattern"): count("yaml: left to PatternLanguageTests")
        case ("yaml", "script"):
            count("yaml: played")
            return try await problem(ofScript: block, place)
        case ("yaml", "fragment"):
            count("yaml: embedded and checked")
            let path = block.attributes.dropFirst().first { !$0.contains("=") }
            let isRoutes = path == nil && block.text.hasPrefix("- ")
            return try await problem(ofRules: embedded(block, under: isRoutes ? "routes" : path ?? ""), block, place)
        case ("yaml", "ci"):
            count("yaml: options checked")
            return try await unknownOptions(in: block.text).first
        case ("yaml", _) where page.path.contains(".docc/") && !block.text.contains("version: 1"):
            count("yaml: embedded and checked")
            return try await problem(ofRules: embedded(block, under: ""), block, place)
        case ("yaml", _):
            count("yaml: checked")
            return try await problem(ofRules: block.text, block, place)
        case ("console", _):
            count("console: run and compared")
            return try await problem(ofConsole: block, place)
        case ("sh", _):
            count("sh: options checked")
            return try await unknownOptions(in: block.text).first
        case ("swift", "package"): count("\(block.language): not checked")
        case ("text", _):
            count("text: options checked")
            return try await unknownOptions(in: block.text).first
        case ("swift", _):
            count("swift: compiled")
            return isCompiled(block.lines) ? nil : "this code is in no file that is compiled"
        case ("json", _):
            count("json: parsed")
            if Self.isJSON(block.text) { return nil }
            return block.lines.first { !$0.isEmpty && !Self.isJSON($0) }.map { "not valid JSON: \($0)" }
        case ("python", _):
            count("python: parsed")
            let script = "import ast,sys;ast.parse(sys.stdin.read())"
            return try await problem(
                ofCode: block, "command -v python3 >/dev/null || exit 0; python3 -c '\(script)'", place)
        case ("js", _):
            count("js: parsed")
            let command = "command -v node >/dev/null || exit 0; cat > code.mjs; node --check code.mjs"
            return try await problem(ofCode: block, command, place)
        case ("", _): return "the block does not say what it is"
        default: return "a block of an unknown kind: \(block.language)"
        }
        return nil
    }

    // MARK: routes.yml

    private func problem(ofRules text: String, _ block: MarkdownPage.Block, _ place: Workplace) async throws -> String?
    {
        let name = block.fileName ?? "documented.yml"
        if block.fileName == nil || text != block.text { try place.write("documented.yml", text) }
        // The sandbox is found, whether it is installed or not.
        var environment = ["PATH": "\(place.path)/bin:/usr/local/bin:/usr/bin:/bin"]
        if let words = block.attribute("env")?.split(separator: "=", maxSplits: 1), words.count == 2 {
            environment[String(words[0])] = String(words[1])
        }
        if text.contains("${OPENAI_API_KEY}") { environment["OPENAI_API_KEY"] = "sk-documented-key" }
        let check = try await place.run(
            "check", text == block.text ? name : "documented.yml",
            program: block.attribute("program") ?? "realtime-router",
            environment: environment)
        return check.code == 0 ? nil : "check says:\n\(check.output)\(check.error)\nof:\n\(text)"
    }

    /// A whole file with a fragment under the keys of a path, such as `sources.agents`.
    private func embedded(_ block: MarkdownPage.Block, under path: String) -> String {
        let keys = path.split(separator: ".").map(String.init)
        var text = "version: 1\n"
        for (depth, key) in keys.enumerated() {
            let indentation = String(repeating: "  ", count: depth)
            text += "\(indentation)\(key):\n"
            switch keys[...depth].joined(separator: ".") {
            case "handlers.tools": text += "\(indentation)  type: function_call\n"
            case "sources.agents":
                text += "\(indentation)  type: proxy\n"
                if !block.text.contains("listen:") { text += "\(indentation)  listen: 127.0.0.1:8080\n" }
            default: break
            }
        }
        let indentation = String(repeating: "  ", count: keys.count)
        text += block.lines.map { indentation + $0 + "\n" }.joined()
        let handlers = text.matches(of: /(?m)^handlers:\n  (\w+):/).first.map { String($0.1) }
        if handlers == nil { text += "handlers: { console: { type: console } }\n" }
        if !text.contains(/(?m)^routes:/) {
            text += "routes: [ { name: all, match: { type: error }, to: \(handlers ?? "console") } ]\n"
        }
        return text
    }

    private func problem(ofScript block: MarkdownPage.Block, _ place: Workplace) async throws -> String? {
        let name = block.fileName ?? "script.yml"
        try place.write(name, block.text)
        let mock = try place.start("mock", name, "--listen", "127.0.0.1:0", "--once")
        _ = await soon { !mock.output.isEmpty || kill(mock.pid, 0) != 0 }
        let isListening = mock.output.hasPrefix("ws://")
        kill(mock.pid, SIGTERM)
        let ending = await mock.end()
        return isListening ? nil : "mock says:\n\(ending.output)\(ending.error)"
    }

    // MARK: Commands

    private func problem(ofConsole block: MarkdownPage.Block, _ place: Workplace) async throws -> String? {
        let folder = URL(filePath: BuiltProgram.path("realtime-router")).deletingLastPathComponent().path
        var expected = block.lines[...]
        guard expected.first?.hasPrefix("$ ") == true else { return "the block does not begin with a command" }
        while let command = expected.popFirst() {
            let next = expected.firstIndex { $0.hasPrefix("$ ") } ?? expected.endIndex
            let shown = Array(expected[..<next])
            expected = expected[next...]
            let ending = try await place.start(
                ["/bin/sh", "-c", String(command.dropFirst(2))], environment: ["PATH": "\(folder):/usr/bin:/bin"]
            ).end()
            let actual = lineList(ending.output) + lineList(ending.error)
            if !Self.matches(lineList(masked(actual.joined(separator: "\n"))), shown.map { masked($0) }) {
                return "`\(command.dropFirst(2))` prints:\n\(actual.joined(separator: "\n"))"
            }
        }
        return nil
    }

    /// Whether lines are those that a page shows, in which `…` stands for the rest of a line or, alone, for any lines.
    static func matches(_ lines: [String], _ shown: [String]) -> Bool {
        guard let first = shown.first else { return lines.isEmpty }
        if first == "…" {
            return (0...lines.count).contains { matches(Array(lines[$0...]), Array(shown.dropFirst())) }
        }
        guard let line = lines.first else { return false }
        let isEqual = first.hasSuffix("…") && line.hasPrefix(first.dropLast()) || line == first
        return isEqual && matches(Array(lines.dropFirst()), Array(shown.dropFirst()))
    }

    /// Commands and options of the program that it does not have.
    private func unknownOptions(in text: String) async throws -> [String] {
        var problems: [String] = []
        let joined = text.replacing("\\\n", with: " ")
        for found in joined.matches(of: /realtime-router(?: ([a-z]+))?((?: [^\n|;&`]*)?)/) {
            guard let command = found.1.map(String.init) else { continue }
            var words = [command]
            if command == "transcript", let second = found.2.split(separator: " ").first, second.first != "-" {
                words.append(String(second))
            }
            guard let help = try await help(of: words) else {
                problems.append("there is no command `realtime-router \(words.joined(separator: " "))`")
                continue
            }
            count("options of commands")
            let known = Set(help.split { $0.isWhitespace || $0 == "," || $0 == "[" || $0 == "]" })
            for option in found.2.split(separator: " ") where option.hasPrefix("--") && !known.contains(option) {
                problems.append("`\(command)` has no option `\(option)`")
            }
        }
        return problems
    }

    /// What a command says about itself; nil if there is no such command.
    private func help(of command: [String]) async throws -> String? {
        let key = command.joined(separator: " ")
        if let known = help[key] { return known }
        let ending = try await Workplace().run(command + ["--help"])
        if ending.code == 0 { help[key] = ending.output }
        return help[key]
    }

    // MARK: Code

    private static func compiledFiles() throws -> [String] {
        var paths: [String] = []
        for folder in ["Examples", "Tests"] {
            let files = FileManager.default.enumerator(atPath: "\(BuiltProgram.package)/\(folder)")
            while let file = files?.nextObject() as? String {
                let name = (file as NSString).lastPathComponent
                guard name.hasSuffix(".swift"), folder == "Examples" || name.hasPrefix("Documentation") else {
                    continue
                }
                if name != "DocumentationCheckerTests.swift" {
                    paths.append("\(BuiltProgram.package)/\(folder)/\(file)")
                }
            }
        }
        return paths + ["\(BuiltProgram.package)/Tests/PluginProgram/PluginProgram.swift"]
    }

    private static func trimmed(_ line: String) -> String { line.trimmingCharacters(in: .whitespaces) }

    private func isCompiled(_ lines: [String]) -> Bool {
        let wanted = lines.map(Self.trimmed)
        return compiled.contains { file in
            file.indices.contains { start in file[start...].starts(with: wanted) }
        }
    }

    private static func isJSON(_ line: String) -> Bool { (try? JSONValue(parsing: line)) != nil }

    private func problem(ofCode block: MarkdownPage.Block, _ command: String, _ place: Workplace) async throws
        -> String?
    {
        try place.write("code.text", block.text)
        let ending = try await place.start(
            ["/bin/sh", "-c", command], input: "\(place.path)/code.text", environment: [:]
        ).end()
        return ending.code == 0 ? nil : "it cannot be parsed:\n\(ending.output)\(ending.error)"
    }

    // MARK: Links

    private func problem(ofLink target: String, _ page: MarkdownPage) -> String? {
        if target.hasPrefix("https://") || target.hasPrefix("http://") || target.hasPrefix("doc:") { return nil }
        count("links")
        let parts = target.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        var path = page.path
        if !parts[0].isEmpty {
            let folder = URL(filePath: "/" + page.path).deletingLastPathComponent()
            path = String(folder.appending(path: parts[0]).standardizedFileURL.path.dropFirst())
            guard FileManager.default.fileExists(atPath: "\(BuiltProgram.package)/\(path)") else {
                return "there is no file \(path)"
            }
        }
        guard parts.count == 2 else { return nil }
        let anchors = path == page.path ? page.anchors : pages[path]?.anchors
        return anchors?.contains(parts[1]) == true ? nil : "\(path) has no heading #\(parts[1])"
    }
}
