import Foundation
import Testing

/// The documentation shows what the program does: every example runs, every link resolves, every option is described.
@Suite(.timeLimit(.minutes(10))) struct DocumentationTests {
    /// The Markdown files of the package.
    private static let pages: [MarkdownPage] = {
        var paths = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"]
        for folder in ["Documentation", "Examples", "Sources"] {
            let files = FileManager.default.enumerator(atPath: "\(BuiltProgram.package)/\(folder)")
            while let file = files?.nextObject() as? String {
                if file.hasSuffix(".md") { paths.append("\(folder)/\(file)") }
            }
        }
        return paths.sorted().compactMap { path in
            (try? String(contentsOfFile: "\(BuiltProgram.package)/\(path)", encoding: .utf8)).map {
                MarkdownPage(path: path, text: $0)
            }
        }
    }()

    private static let names = pages.map(\.path)

    @Test("The examples of a page run, and its links resolve", arguments: names)
    func page_showsWhatTheProgramDoes(_ path: String) async throws {
        let checker = try DocumentationChecker(pages: Self.pages)
        let page = try #require(Self.pages.first { $0.path == path })
        for problem in try await checker.problems(of: page) { Issue.record("\(problem)") }
        let counts = await checker.counts.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
        print("\(path): \(counts.joined(separator: ", "))")
    }

    @Test("The README fits on two screens")
    func readme_isShort() throws {
        let text = try String(contentsOfFile: BuiltProgram.package + "/README.md", encoding: .utf8)
        #expect(lineList(text).count <= 150)
    }

    @Test(
        "The agents in the guide are those of the examples, which CI runs",
        arguments: [
            ("python", "agent.py"), ("js", "agent.mjs"),
        ])
    func guide_showsTheAgentsOfTheExamples(_ language: String, _ file: String) throws {
        let page = try #require(Self.pages.first { $0.path == "Documentation/guides/connect-your-agent.md" })
        let agent = try String(contentsOfFile: "\(BuiltProgram.package)/Examples/Agents/\(file)", encoding: .utf8)
        #expect(page.blocks.contains { $0.language == language && $0.text == agent })
    }

    // MARK: What the reference must have

    private static func text(of name: String) throws -> String {
        try String(contentsOfFile: "\(BuiltProgram.package)/Documentation/reference/\(name).md", encoding: .utf8)
    }

    @Test("The reference has every key of routes.yml")
    func reference_hasEveryKey() async throws {
        let schema = try await Workplace().run("schema").output
        let object = try #require(
            JSONSerialization.jsonObject(with: Data(schema.utf8)) as? [String: Any])
        let parts = try #require(object["$defs"] as? [String: Any])
        var keys: [String: Set<String>] = ["routes-yml": Self.keys(of: object, without: ["lists", "session", "tests"])]
        for (name, part) in parts {
            let page =
                switch name {
                case "handler_function_call": "functions"
                case _ where name.hasPrefix("handler_"): "handlers"
                case _ where name.hasPrefix("source_"): "sources"
                default: ""
                }
            if !page.isEmpty { keys[page, default: []].formUnion(Self.keys(of: part)) }
        }
        #expect(keys.values.reduce(0) { $0 + $1.count } > 120)
        // Described once for all handlers, or in a page of their own.
        let elsewhere = try Self.text(of: "handlers") + Self.text(of: "recordings") + Self.text(of: "privacy")
        for (page, names) in keys {
            let text = try Self.text(of: page) + elsewhere
            for name in names.sorted() where !text.contains("`\(name)") && !text.contains("\(name)`") {
                Issue.record("\(page).md does not have the key `\(name)`")
            }
        }
    }

    /// The names of all properties within a schema.
    private static func keys(of schema: Any, without skipped: Set<String> = []) -> Set<String> {
        if let list = schema as? [Any] { return list.reduce(into: []) { $0.formUnion(keys(of: $1)) } }
        guard let object = schema as? [String: Any] else { return [] }
        var names: Set<String> = []
        for (key, value) in object {
            if key == "properties", let properties = value as? [String: Any] {
                names.formUnion(properties.keys)
                for (name, property) in properties where !skipped.contains(name) { names.formUnion(keys(of: property)) }
            } else if key != "$defs" {
                names.formUnion(keys(of: value))
            }
        }
        return names
    }

    @Test("The reference has every command and every option")
    func reference_hasEveryOption() async throws {
        let page = try Self.text(of: "commands")
        let guides = try ["test-your-agent", "test-your-rules"].map {
            try String(contentsOfFile: "\(BuiltProgram.package)/Documentation/guides/\($0).md", encoding: .utf8)
        }.joined()
        let overview = try await Workplace().run("--help").output
        let commands = overview.matches(of: /(?m)^  ([a-z]+)  +[A-Z]/).map { String($0.1) }
        #expect(commands.count >= 17)
        for command in commands {
            let section = page.components(separatedBy: "\n## \(command)\n").dropFirst().first
            #expect(section != nil, "commands.md has no section on \(command)")
            let help = try await Workplace().run(command, "--help").output
            for option in help.matches(of: /(?m)^  (?:-[a-z], )?(--[a-z-]+)/).map({ String($0.1) })
            where !["--version", "--help"].contains(option) {
                #expect((page + guides).contains("\(option)"), "commands.md does not have \(command) \(option)")
            }
        }
    }

    @Test("The reference has every metric")
    func reference_hasEveryMetric() throws {
        let page = try Self.text(of: "figures")
        var names: Set<String> = []
        for folder in ["RealtimeMetrics", "RealtimeConnection"] {
            let files = FileManager.default.enumerator(atPath: "\(BuiltProgram.package)/Sources/\(folder)")
            while let file = files?.nextObject() as? String {
                guard file.hasSuffix(".swift") else { continue }
                let text = try String(
                    contentsOfFile: "\(BuiltProgram.package)/Sources/\(folder)/\(file)", encoding: .utf8)
                names.formUnion(
                    text.matches(
                        of:
                            /"((?:realtime|gen_ai)_[a-z_]+(?:_total|_seconds|_usage|_active|_limit|_remaining|_depth|_sessions))"/
                    ).map { String($0.1) })
            }
        }
        #expect(names.count > 30)
        for name in names.sorted() { #expect(page.contains("`\(name)`"), "figures.md does not have \(name)") }
    }
}
