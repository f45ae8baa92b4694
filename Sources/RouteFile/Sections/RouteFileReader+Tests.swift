import ConfigSource
import EventJSON
import EventRouter

extension RouteFileReader {
    private static let subjects = TestKeys.subjects.map(\.name)
    private static let outcomes = TestKeys.outcomes.map(\.name)

    /// Reads the tests, and omits those with mistakes.
    func readTests(_ section: inout Section) -> [RouteTest] {
        var names: [String: Node] = [:]
        return (section.read(FileKeys.tests) ?? []).compactMap { test($0, &names) }
    }

    private func test(_ node: Node, _ names: inout [String: Node]) -> RouteTest? {
        guard var section = Section(node, what: "a test", TestKeys.form, diagnostics) else { return nil }
        let name = Self.uniqueName(&section, "test", &names, diagnostics)
        let subject = self.subject(&section)
        let labels = section.read(TestKeys.labels).map { self.labels($0) }
        let started = self.started(&section)
        let assertions = self.assertions(&section)
        let expectation = Self.isAboutSessions(section) ? golden(&section) : dispatch(&section)
        section.finish()
        guard let name, let subject, expectation != nil || !assertions.isEmpty else { return nil }
        return RouteTest(
            name: name, subject, expectation, assertions: assertions, labels: labels, started: started,
            location: node.location)
    }

    // MARK: - Input

    /// Whether a test reads recorded sessions: those in the file, or those of the option `--session`.
    private static func isAboutSessions(_ section: Section) -> Bool {
        section.has("session") || section.has("assert") && !section.has("event") && !section.has("events")
    }

    private func subject(_ section: inout Section) -> RouteTest.Subject? {
        let given = section.keys.filter { Self.subjects.contains($0) }
        for key in given.dropFirst() {
            diagnostics.error(
                "a test has one of `event`, `events` and `session`, and this one has `\(given[0])` already",
                at: section.entry(key)?.key ?? section.node, help: "make two tests of it")
        }
        switch given.first {
        case "events": return events(&section)
        case "session": return sessions(&section)
        case nil where Self.isAboutSessions(section): return .sessions([])
        default:
            guard !hasMisspelt(section, among: Self.subjects + [TestKeys.assert.name]),
                section.require("event", help: "write `event: {type: response.done}`"),
                let node = section.node("event")
            else { return nil }
            return event(node, "`event`").map { .event($0) }
        }
    }

    private func sessions(_ section: inout Section) -> RouteTest.Subject? {
        guard section.has("assert") else { return section.string("session").map { .session(path: path($0)) } }
        guard let paths = section.stringOrList("session") else { return nil }
        if paths.isEmpty { section.error("`session` names no file", at: "session") }
        guard section.has("expect") else { return .sessions(paths.map { path($0) }) }
        guard paths.count == 1, !paths[0].contains(where: { "*?".contains($0) }) else {
            section.error(
                "`expect` says where the events of one session go, and `session` may name several", at: "session",
                help: "make two tests of it, one with `expect` and one with `assert`")
            return nil
        }
        return .session(path: path(paths[0]))
    }

    private func started(_ section: inout Section) -> Double? {
        guard let text = section.read(TestKeys.started) else { return nil }
        if let moment = Timestamp(text) { return moment.unix }
        section.error(
            "`started` must be a time such as `2026-01-31T22:00:00Z`, and this is \(quoted(text))", at: "started",
            help: "write date, time and offset from UTC, as in RFC 3339")
        return nil
    }

    func labels(_ entries: [Node.Entry]) -> [SessionLabel] {
        entries.compactMap { entry in
            if let value = entry.value.string { return SessionLabel(entry.name, value) }
            diagnostics.error(
                "the label \(quoted(entry.name)) must be a string, and this is \(entry.value.kindDescription)",
                at: entry.value, help: entry.value.scalar.map { "quote it: `\"\($0.text)\"`" })
            return nil
        }
    }

    private func events(_ section: inout Section) -> RouteTest.Subject? {
        guard let nodes = section.list("events") else { return nil }
        if nodes.isEmpty { section.error("`events` holds no event", at: "events") }
        let events = nodes.map { event($0, "each element of `events`") }
        return events.contains(nil) ? nil : .events(events.compactMap(\.self))
    }

    private func event(_ node: Node, _ what: String) -> JSONValue? {
        guard node.entries != nil else {
            diagnostics.error("\(what) must be a mapping, and this is \(node.kindName)", at: node)
            return nil
        }
        // `direction` is either beside the event's fields, as in a `match`, or in an envelope around the event.
        let isEnvelope = node["type"] == nil && node["event"] != nil
        guard isEnvelope || node[MatchNode.direction] != nil else { return event(node, from: .server) }
        guard let match = MatchNode(node, diagnostics) else { return nil }
        let event = self.event(isEnvelope ? node["event"] ?? node : match.pattern, from: match.side)
        if isEnvelope { return JSONValue(node) }
        return ["direction": .string(match.side.rawValue), "event": event]
    }

    private func event(_ node: Node, from side: SessionSide) -> JSONValue {
        if let type = node["type"] {
            EventTypeLint(diagnostics: diagnostics, side: side).checkName(type)
            TestEventLint(functions: functions, diagnostics).check(node, from: side)
        }
        return JSONValue(node)
    }

    // MARK: - Expectations

    private func golden(_ section: inout Section) -> RouteTest.Expectation? {
        for key in section.keys where Self.outcomes.contains(key) {
            diagnostics.error(
                "`\(key)` goes with `event` and `events`; the expectations of a session go into the file of `expect` or under `assert`",
                at: section.entry(key)?.key ?? section.node, help: "leave it out")
        }
        let help =
            "write `expect: FILE`, and let `realtime-router test --update` fill the file; or `assert:` with what must hold"
        if let expect = section.entry("expect"), !section.has("session") {
            diagnostics.error(
                "`expect` goes with `session`", at: expect.key, help: "name the recorded session: `session: FILE`")
        }
        guard section.has("assert") || section.require("expect", help: help) else { return nil }
        return section.read(TestKeys.expect).map { .golden(path: path($0)) }
    }

    private func dispatch(_ section: inout Section) -> RouteTest.Expectation? {
        if let assert = section.entry("assert") {
            diagnostics.error(
                "`assert` goes with `session`, or with neither `session` nor `event` nor `events`", at: assert.key,
                help: "make two tests of it")
        }
        if let expect = section.entry("expect") {
            diagnostics.error(
                "`expect` goes with `session`", at: expect.key, help: "name the routes that are to fire: `routes: […]`")
        }
        guard Self.outcomes.contains(where: { section.has($0) }) else {
            if !section.has("expect"), !hasMisspelt(section, among: Self.outcomes + [TestKeys.assert.name]) {
                _ = section.require("routes", help: "name the routes that are to fire; `routes: []` for none")
            }
            return nil
        }
        let routes = names("routes", "route", among: routeNames.keys.sorted(), &section)
        let handlers = names("handlers", "handler", among: handlers.map(\.name), &section)
        let isUnmatched = section.bool("unmatched")
        if isUnmatched == true, routes?.isEmpty == false {
            section.error(
                "`unmatched: true` says that no route takes it, but `routes` is not empty", at: "routes",
                help: "leave out one of the two")
        }
        return .dispatch(routes: routes, handlers: handlers, isUnmatched: isUnmatched)
    }

    private func names(
        _ key: String, _ kind: String, among known: [String], _ section: inout Section
    ) -> [String]? {
        guard let node = section.node(key) else { return nil }
        let names = section.stringList(key)
        for element in node.list ?? [] {
            guard let name = element.string, !known.contains(name) else { continue }
            diagnostics.error(
                "there is no \(kind) \(quoted(name))", at: element,
                help: suggestion(for: name, among: known, called: kind + "s"))
        }
        return names
    }

    /// Whether an unknown key is probably a misspelling of one of these keys.
    private func hasMisspelt(_ section: Section, among keys: [String]) -> Bool {
        let known = TestKeys.form.names
        return section.keys.contains { key in
            !known.contains(key) && closest(to: key, among: known).map { keys.contains($0) } ?? false
        }
    }

    private func path(_ path: String) -> String {
        path.hasPrefix("/") || context.folder == "." ? path : context.folder + "/" + path
    }
}
