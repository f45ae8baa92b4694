import ConfigSource
import EventJSON
import EventPatterns
import EventRouter
import RealtimeEvents

extension RouteConfiguration {
    /// Runs a test. The router routes the test's input, but starts no handler and delivers nothing.
    ///
    /// Every test runs in a new session, so no `once_per` route has fired before.
    ///
    /// - Parameters:
    ///   - test: one of ``tests``, or a test made in code.
    ///   - updatesExpectations: whether to write a file of `expect` that is missing or differs.
    public func run(_ test: RouteTest, updatesExpectations: Bool = false) async -> RouteTestResult {
        let verdict: RouteTestResult.Verdict
        do {
            verdict = try await self.verdict(test, updatesExpectations)
        } catch let failure as FileFailure where failure.isOfDevice {
            verdict = .unwritten("\(failure)")
        } catch {
            verdict = .unusable("\(error)")
        }
        return RouteTestResult(name: test.name, place: place(of: test), verdict: verdict)
    }

    private func verdict(_ test: RouteTest, _ updates: Bool) async throws -> RouteTestResult.Verdict {
        guard test.subject != .sessions([]) else { return .skipped("give the sessions, `--session 'calls/*.jsonl'`") }
        let asserted = try await assertionVerdict(test)
        let expected = try await expectationVerdict(test, updates)
        switch (expected, asserted) {
        case (.failed(let differences), .failed(let others)): return .failed(differences + others)
        case (.failed, _), (_, .passed): return expected
        default: return asserted
        }
    }

    private func expectationVerdict(_ test: RouteTest, _ updates: Bool) async throws -> RouteTestResult.Verdict {
        guard let expectation = test.expectation else { return .passed }
        let routed = try await routed(test)
        switch expectation {
        case .dispatch(let routes, let handlers, let isUnmatched):
            var ofRoutes = Self.difference("routes (- expected, + fired)", routes, routed, \.routes)
            ofRoutes?.help = helpForSchedules(test, routes ?? []) ?? helpForLabels(test, routes ?? [], routed)
            let differences = [
                ofRoutes,
                Self.difference("handlers (- expected, + reached)", handlers, routed, \.handlers),
                Self.difference(isUnmatched: isUnmatched, routed),
            ].compactMap(\.self)
            return differences.isEmpty ? .passed : .failed(differences)
        case .golden(let path):
            return try await GoldenComparison(GoldenFile(path: path)).verdict(routed, updates: updates)
        }
    }

    /// The help for a test that expects routes with `when` but has no `started`; else nil.
    private func helpForSchedules(_ test: RouteTest, _ expected: [String]) -> String? {
        guard test.started == nil,
            let route = table.routes.first(where: { $0.schedule != nil && expected.contains($0.name) })
        else { return nil }
        return "the route \(quoted(route.name)) has `when`: say when the session began, `started: 2026-01-31T22:00:00Z`"
    }

    /// The help for a test that expects routes with conditions on labels but has no `labels`; else nil.
    private func helpForLabels(_ test: RouteTest, _ expected: [String], _ routed: [RoutedEvent]) -> String? {
        guard test.labels == nil else { return nil }
        let fired = Set(routed.flatMap(\.routes))
        for route in table.routes where expected.contains(route.name) && !fired.contains(route.name) {
            let paths = route.pattern?.fieldPaths ?? []
            guard let path = paths.first(where: { $0.count == 2 && $0[0] == SessionLabel.field }) else { continue }
            return "the route \(quoted(route.name)) asks for the label \(quoted(path[1])): "
                + "give the test labels, `labels: {\(path[1]): …}`"
        }
        return nil
    }

    private func routed(_ test: RouteTest) async throws -> [RoutedEvent] {
        switch test.subject {
        case .event(let event):
            return try await route([event], test).filter { $0.position.derived == 0 }
        case .events(let events):
            return try await route(events, test)
        case .session(let path):
            let sessions = try await routeSessions(in: path, labels: test.labels ?? [], started: test.started)
            let reports = sessions.map(\.report)
            if reports.allSatisfy({ $0.events == 0 }), reports.contains(where: { $0.undecodable > 0 }) {
                throw NoSession(path: path)
            }
            return sessions.flatMap(\.routed)
        case .sessions: return []
        }
    }

    private func route(_ events: [JSONValue], _ test: RouteTest) async throws -> [RoutedEvent] {
        let source = SessionLines(events.map(\.description), key: "test", name: test.name)
        let labels = test.labels ?? Self.labels(of: events)
        return try await route(source, labels: labels, started: test.started, acceptsDerivedEvents: true).routed
    }

    /// The labels of the first event that has labels.
    private static func labels(of events: [JSONValue]) -> [SessionLabel] {
        let labels =
            events.lazy.compactMap { ($0[SessionLabel.field] ?? $0["event"]?[SessionLabel.field])?.object }.first ?? [:]
        return labels.compactMap { name, value in value.string.map { SessionLabel(name, $0) } }
    }

    private static func difference(
        _ title: String, _ expected: [String]?, _ routed: [RoutedEvent], _ names: (RoutedEvent) -> [String]
    ) -> RouteTestResult.Difference? {
        guard let expected else { return nil }
        let isOne = routed.count <= 1
        let actual = routed.flatMap { event in
            names(event).map { ($0, isOne ? $0 : "\($0) (\(event.position) \(event.typeName))") }
        }
        return RouteTestResult.Difference(title, expected: expected, actual: actual)
    }

    private static func difference(isUnmatched: Bool?, _ routed: [RoutedEvent]) -> RouteTestResult.Difference? {
        let fired = routed.flatMap(\.routes)
        guard let isUnmatched, isUnmatched != fired.isEmpty else { return nil }
        guard isUnmatched else {
            return RouteTestResult.Difference(
                title: "expected that a route takes it, and none does", lines: [], help: nil)
        }
        return RouteTestResult.Difference(
            title: "expected that no route takes it (+ fired)",
            lines: fired.map { RouteTestResult.Line(sign: "+", text: $0) }, help: nil)
    }
}

/// The session file of a test has lines, but no line is an event.
struct NoSession: Error, CustomStringConvertible {
    let path: String

    var description: String { "\(path) is not a session: none of its lines is an event of the server" }
}

extension RouteConfiguration {
    /// Runs a test as ``run(_:updatesExpectations:)`` does, once for each of its recorded sessions.
    ///
    /// - Parameters:
    ///   - test: one of ``tests``, or a test made in code.
    ///   - sessions: the recorded sessions for a test that names no sessions: paths of files, folders and patterns.
    ///   - updatesExpectations: whether to write the file that `expect` names if it is missing or differs.
    ///   - report: called with each result as soon as it is available, in the order of the files. If a path matches no
    ///     file, it is called once, with the verdict `unusable`.
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

    /// Checks the assertions of a test for each session of its file.
    func assertionVerdict(_ test: RouteTest) async throws -> RouteTestResult.Verdict {
        guard !test.assertions.isEmpty, case .session(let path) = test.subject else { return .passed }
        let patterns = try AssertionPatterns(test.assertions)
        let sessions = try await SessionEvents.read(
            path, patterns, labels: test.labels ?? [], started: test.started, self)
        guard !sessions.isEmpty else { throw NoSession(path: path) }
        var failures: [RouteTestResult.Difference] = []
        var undecided: [String] = []
        for session in sessions {
            for (index, assertion) in patterns.assertions.enumerated() {
                let place = assertion.assertion.location.map { "line \($0.line)" } ?? "assertion \(index + 1)"
                let name = sessions.count == 1 ? place : "session \(session.session.printable), \(place)"
                switch session.verdict(assertion, called: name) {
                case .holds: continue
                case .fails(let difference): failures.append(difference)
                case .undecided(let reason): undecided.append(reason)
                }
            }
        }
        guard !failures.isEmpty else {
            return undecided.isEmpty ? .passed : .unusable(undecided.joined(separator: "; "))
        }
        return .failed(failures + undecided.map { RouteTestResult.Difference(title: $0, lines: [], help: nil) })
    }
}
