import ConfigSource
import EventRouter

extension RouteConfiguration {
    /// Runs a test as ``run(_:updatesExpectations:)`` does, once for each file of a test about several sessions.
    ///
    /// - Parameters:
    ///   - test: the test, one of ``tests`` or one made in code.
    ///   - sessions: the recorded sessions of a test that names none: paths of files, folders and patterns.
    ///   - updatesExpectations: whether a file of expectations that says something else is written anew.
    ///   - report: gets each result, in the order of the files, when it is there. A path that matches no file gives one result,
    ///     which says so.
    public func run(
        _ test: RouteTest, sessions: [String], updatesExpectations: Bool = false,
        report: (RouteTestResult) -> Void
    ) async {
        guard case .sessions(let own) = test.subject, let paths = [own, sessions].first(where: { !$0.isEmpty }) else {
            return report(await run(test, updatesExpectations: updatesExpectations))
        }
        let files: [String]
        do throws(FileFailure) {
            files = try FilePaths.files(paths)
        } catch {
            return report(RouteTestResult(name: test.name, place: place(of: test), verdict: .unusable("\(error)")))
        }
        for file in files {
            var single = test
            single.subject = .session(path: file)
            var result = await run(single, updatesExpectations: updatesExpectations)
            result.session = file
            report(result)
        }
    }

    func place(of test: RouteTest) -> String? { test.location.map { "\(file.path):\($0.line):\($0.column)" } }

    /// Whether the assertions of a test hold in each session of its file.
    func assertionVerdict(_ test: RouteTest) async throws -> RouteTestResult.Verdict {
        guard !test.assertions.isEmpty, case .session(let path) = test.subject else { return .passed }
        let patterns = try AssertionPatterns(test.assertions)
        let sessions = try await SessionEvents.read(
            path, patterns, labels: test.labels ?? [], started: test.started, self)
        guard !sessions.isEmpty else { throw NoSession(path: path) }
        var failures: [RouteTestResult.Difference] = []
        var doubts: [String] = []
        for session in sessions {
            for (index, assertion) in patterns.assertions.enumerated() {
                let place = assertion.assertion.location.map { "line \($0.line)" } ?? "assertion \(index + 1)"
                let name = sessions.count == 1 ? place : "session \(session.session.printable), \(place)"
                switch session.verdict(assertion, called: name) {
                case .holds: continue
                case .fails(let difference): failures.append(difference)
                case .undecided(let reason): doubts.append(reason)
                }
            }
        }
        guard !failures.isEmpty else { return doubts.isEmpty ? .passed : .unusable(doubts.joined(separator: "; ")) }
        return .failed(failures + doubts.map { RouteTestResult.Difference(title: $0, lines: [], help: nil) })
    }
}
