import ArgumentParser
import RealtimeRouter

/// Do the rules do what their author relies on?
struct TestCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "test", abstract: "Runs the tests of a routes.yml; starts no handler and delivers nothing.",
        discussion: """
            Example: realtime-router test routes.yml

            A test is about an event, a session of a few events, or a recorded session:

              tests:
                - name: who asks for money back gets a supervisor
                  event: { type: router.utterance.heard, text: A refund, please }
                  routes: [refunds]          # exactly these, in order
                  handlers: [page, console]  # the same for handlers
                - name: nobody minds the limits
                  event: { type: rate_limits.updated }
                  unmatched: true            # no route takes it
                - name: once in a call       # what is derived counts too
                  events: [ { type: error }, { type: error } ]
                  routes: [errors]
                - name: last night's call
                  session: calls/night.jsonl
                  expect: calls/night.expected.jsonl   # --update writes it

            The exit code is 1 when a test failed, 2 when one could not be run, 3 when a disk has no room for a file of --update.
            """)

    @OptionGroup var routes: RoutesArgument

    @Flag(help: "Write the files of `expect:` anew where they are absent or say something else.")
    var update = false

    func run(_ handlers: HandlerRegistry) async throws {
        let configuration = try Routes.loadForReading(routes.path, handlers)
        var (passed, created, updated, failed, unusable, unwritten) = (0, 0, 0, 0, 0, 0)
        for test in configuration.tests {
            let result = await configuration.run(test, updatesExpectations: update)
            Terminal.print(result.rendered())
            switch result.verdict {
            case .passed: passed += 1
            case .created: created += 1
            case .updated: updated += 1
            case .failed: failed += 1
            case .unusable: unusable += 1
            case .unwritten: unwritten += 1
            }
        }
        let counts = [
            (passed, "passed"), (created, "created"), (updated, "updated"), (failed, "failed"), (unusable, "not run"),
            (unwritten, "not written"),
        ]
        .filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
        let tests = "\(configuration.tests.count) test\(configuration.tests.count == 1 ? "" : "s")"
        Terminal.print(counts.isEmpty ? "\(routes.path) has no tests" : "\n\(tests): \(counts.joined(separator: ", "))")
        if unusable > 0 { throw ProgramEnding.unusable() }
        if failed > 0 { throw ProgramEnding.no }
        if unwritten > 0 { throw ProgramEnding.incomplete }
    }
}
