import Testing

/// The checker of the documentation finds what is wrong with a page.
@Suite(.timeLimit(.minutes(5))) struct DocumentationCheckerTests {
    @Test(
        "A mistake in a page is found",
        arguments: [
            ("yaml", "version: 1\nroutes: [ { name: a, to: nobody } ]", "check says"),
            ("yaml fragment", "handlers: { a: { type: consol } }", "check says"),
            ("yaml fragment handlers.tools.functions", "pay: { command: [./pay], timout: 5s }", "check says"),
            ("yaml fragment sources.agents", "lissen: 127.0.0.1:8080", "check says"),
            ("yaml script", "- usr: Hello", "mock says"),
            ("console", "$ echo one\ntwo", "prints"),
            ("console", "$ realtime-router check\nroutes.yml: 5 routes, 4 handlers\n…", "prints"),
            ("console", "echo one", "does not begin with a command"),
            ("sh", "realtime-router run call.jsonl --live-long", "has no option"),
            ("sh", "realtime-router runs call.jsonl", "there is no command"),
            ("text", "realtime-router transcript search --exact", "has no option"),
            ("swift", "let nothing = \"like this\"", "in no file"),
            ("json", #"{"type": "error",}"#, "not valid JSON"),
            ("yml", "a: 1", "unknown kind"),
            ("", "a: 1", "does not say what it is"),
        ])
    func block_withAMistakeIsFound(_ language: String, _ text: String, _ problem: String) async throws {
        let page = MarkdownPage(path: "Documentation/page.md", text: "# A page\n\n```\(language)\n\(text)\n```\n")
        let problems = try await DocumentationChecker(pages: [page]).problems(of: page)
        #expect(problems.count == 1)
        #expect(problems.first?.hasPrefix("Documentation/page.md:3: ") == true)
        #expect(problems.first?.contains(problem) == true, "\(problems)")
    }

    @Test(
        "A link that leads nowhere is found",
        arguments: [
            ("[a](nowhere.md)", "there is no file Documentation/nowhere.md"),
            ("[a](../READMI.md)", "there is no file READMI.md"),
            ("[a](#nowhere)", "has no heading"),
            ("![a](images/nothing.png)", "there is no file"),
            ("`realtime-router check --all`", "has no option"),
            ("Words, and a [link that goes\non](nowhere.md).", "there is no file"),
        ])
    func link_thatLeadsNowhereIsFound(_ text: String, _ problem: String) async throws {
        let page = MarkdownPage(path: "Documentation/page.md", text: "# A page\n\n\(text)\n")
        let problems = try await DocumentationChecker(pages: [page]).problems(of: page)
        #expect(problems.count == 1, "\(problems)")
        #expect(problems.first?.contains(problem) == true, "\(problems)")
    }

    @Test("A page without a mistake has no problem")
    func page_withoutAMistakePasses() async throws {
        let text = """
            # A page: of two words

            [here](#a-page-of-two-words), [there](../README.md#set-up)

            The file `rules.yml`:

            ```yaml
            version: 1
            handlers: { console: { type: console } }
            routes: [ { name: all, match: { type: error }, to: console } ]
            ```

            ```console
            $ realtime-router check rules.yml
            rules.yml: 1 route, …
            $ printf 'one\\ntwo\\nthree\\n'
            one
            …
            ```
            """
        let page = MarkdownPage(path: "Documentation/page.md", text: text)
        let readme = MarkdownPage(path: "README.md", text: "## Set up\n")
        #expect(try await DocumentationChecker(pages: [page, readme]).problems(of: page) == [])
    }
}
