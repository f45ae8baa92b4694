import ArgumentParser
import RealtimeRouter

/// `test`: runs the tests in a routes.yml.
struct TestCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "test", abstract: "Runs the tests in a routes.yml. Starts no handler and delivers nothing.",
        discussion: """
            Example: realtime-router test routes.yml

            The input of a test is one event, a short list of events, or a recorded session:

              tests:
                - name: a refund request pages a supervisor
                  event: { type: router.utterance.heard, text: A refund, please }
                  routes: [refunds]          # exactly these, in order
                  handlers: [page, console]  # exactly these, in order
                - name: rate limits are ignored
                  event: { type: rate_limits.updated }
                  unmatched: true            # no route takes it
                - name: one alert per call   # derived events are routed too
                  events: [ { type: error }, { type: error } ]
                  routes: [errors]
                - name: a recorded call
                  session: calls/night.jsonl
                  expect: calls/night.expected.jsonl   # --update writes it

            A test can also make assertions about whole sessions, such as recordings made by `run` or `mock`:

                - name: no order is cancelled twice
                  session: calls/*.jsonl     # without `session`: the files of --session
                  assert:
                    - { call: cancel_order, at_most: 1 }
                    - { never: { type: error } }
                    - { before: [ { type: session.updated }, { type: response.created } ] }
                    - { within: 2s, of: { type: input_audio_buffer.speech_stopped }, comes: { type: response.created } }
                    - { event: { direction: client, type: response.create }, at_least: 1 }

            The exit code is 0 if every test passed, 1 if a test failed, 2 if a test could not run, and 3 if --update could not \
            write a file because the disk is full.
            """)

    @OptionGroup var routes: RoutesArgument

    @Flag(help: "Create the files of `expect:` that are missing, and update those that differ.")
    var update = false

    @Option(
        name: .customLong("session"), parsing: .upToNextOption,
        help: ArgumentHelp(
            "Recorded sessions for the tests with `assert` but no `session`: files, folders, or patterns with * and ?.",
            valueName: "glob"))
    var sessions: [String] = []

    @Option(help: ArgumentHelp("Also write the results to this file as JUnit XML.", valueName: "file"))
    var junit: String?

    private typealias TimedResult = (result: RouteTestResult, milliseconds: Int)

    func validate() throws {
        if let rules = sessions.first(where: { $0.hasSuffix(".yml") || $0.hasSuffix(".yaml") }) {
            throw ValidationError("\(rules.printable) is not a session; give the file with the rules before --session")
        }
        if junit == "-" || junit == "" {
            throw ValidationError("--junit needs the name of a file: the results go to standard output")
        }
    }

    func run(_ handlers: HandlerRegistry) async throws {
        let configuration = try Routes.loadForReading(routes.path, handlers)
        if !sessions.isEmpty, !configuration.tests.contains(where: { $0.subject == .sessions([]) }) {
            throw ProgramExit.unusable(
                "no test of \(routes.path.printable) has `assert` without `session`, so none is about the files of --session"
            )
        }
        let results = await run(configuration)
        let tally = Tally(results.map(\.result.verdict))
        Terminal.print(results.isEmpty ? "\(routes.path) has no tests" : "\n\(tally)")
        let failure = writeReport(results)
        if tally.unusable > 0 { throw ProgramExit.unusable(failure.map { "\($0)" }) }
        if let failure { throw ProgramExit.of(failure, message: "\(failure)") }
        if tally.failed > 0 { throw ProgramExit.negative }
        if tally.unwritten > 0 { throw ProgramExit.incomplete }
    }

    private func run(_ configuration: RouteConfiguration) async -> [TimedResult] {
        var results: [TimedResult] = []
        for test in configuration.tests {
            var start = ContinuousClock.now
            await configuration.run(test, sessions: sessions, updatesExpectations: update) { result in
                Terminal.print(result.rendered())
                let end = ContinuousClock.now
                results.append((result, Int(start.duration(to: end) / .milliseconds(1))))
                start = end
            }
        }
        return results
    }

    /// Writes the file of `--junit`, if that option is given.
    ///
    /// - Returns: the error if the file could not be written, else nil.
    private func writeReport(_ results: [TimedResult]) -> FileFailure? {
        guard let junit else { return nil }
        var report = JUnitReport(file: routes.path)
        for (result, milliseconds) in results { report.add(result, milliseconds: milliseconds) }
        do throws(FileFailure) {
            try WholeFile(path: junit).write(Array(report.text.utf8), mode: 0o666)
            return nil
        } catch {
            return error
        }
    }
}

/// The number of tests by verdict.
private struct Tally: CustomStringConvertible {
    private(set) var (passed, created, updated, failed) = (0, 0, 0, 0)
    private(set) var (skipped, unusable, unwritten) = (0, 0, 0)

    init(_ verdicts: [RouteTestResult.Verdict]) {
        for verdict in verdicts {
            switch verdict {
            case .passed: passed += 1
            case .created: created += 1
            case .updated: updated += 1
            case .failed: failed += 1
            case .skipped: skipped += 1
            case .unusable: unusable += 1
            case .unwritten: unwritten += 1
            }
        }
    }

    /// `5 tests: 4 passed, 1 failed`
    var description: String {
        let counts = [
            (passed, "passed"), (created, "created"), (updated, "updated"), (failed, "failed"), (skipped, "skipped"),
            (unusable, "not run"), (unwritten, "not written"),
        ]
        let total = counts.reduce(0) { $0 + $1.0 }
        let words = counts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
        return "\(total) test\(total == 1 ? "" : "s"): \(words.joined(separator: ", "))"
    }
}
