import ConfigSource
import EventRouter
import OperatorHandlers
import Testing

/// The options of a handler of type `command`.
@Suite struct CommandOptionTests {
    private func read(_ node: Node, _ diagnostics: Diagnostics) throws -> (any EventHandler)? {
        var registry = HandlerRegistry()
        registry.registerOperatorHandlers()
        let section = try #require(Section(node, what: "the handler `page`", diagnostics))
        var options = HandlerOptions(name: "page", section: section)
        let make = try #require(registry.factory("command"))
        let handler = make(&options)
        options.section.finish()
        return handler
    }

    @Test func options_commandPerEvent() throws {
        let diagnostics = Diagnostics()
        #expect(try read(["command": ["./page"]], diagnostics) is CommandHandler)
        let handler = try read(["command": ["./page"], "stdin": "none", "max_concurrent": 7], diagnostics)
        #expect((handler as? CommandHandler)?.concurrentSessions == 7)
        #expect(diagnostics.isEmpty)
    }

    @Test func options_commandForBatches() throws {
        let diagnostics = Diagnostics()
        let usual = try read(["command": ["./page"], "stdin": "events"], diagnostics)
        #expect((usual as? CommandBatchHandler)?.batching == BatchPolicy(limit: 100, interval: .zero))
        let handler = try read(
            ["command": ["./page"], "stdin": "events", "every": "5s", "max_events": 20], diagnostics)
        #expect((handler as? CommandBatchHandler)?.batching == BatchPolicy(limit: 20, interval: .seconds(5)))
        #expect(diagnostics.isEmpty)
    }

    @Test(
        arguments: [
            (["command": ["./page"], "every": "5s"], "`every` goes with `stdin: events`"),
            (["command": ["./page"], "stdin": "event", "max_events": 5], "`max_events` goes with `stdin: events`"),
            (
                ["command": ["./page"], "stdin": "events", "max_concurrent": 2],
                """
                `max_concurrent` does not go with `stdin: events` / one command at a time gets the events of all sessions; without \
                `events` there is one for each
                """
            ),
            (
                ["command": ["./page"], "stdin": "events", "max_events": 0],
                "`max_events` must be a whole number from 1 to 10000, and this is `0`"
            ),
            (
                ["command": ["./page"], "stdin": "evnts", "every": "5s"],
                "`stdin` must be `event`, `events` or `none`, and this is `evnts` / did you mean `events`?"
            ),
        ] as [(Node, String)])
    func whatDoesNotGoTogether(_ options: Node, _ message: String) throws {
        let diagnostics = Diagnostics()
        _ = try read(options, diagnostics)
        let said = diagnostics.items.map { [$0.message, $0.help].compactMap(\.self).joined(separator: " / ") }
        #expect(said == [message])
    }
}
