import ConfigSource
import EventPatterns
import EventRouter
import RealtimeEvents

extension RouteFileReader {
    /// Reads the assertions of a test. Reports and omits invalid ones.
    func assertions(_ section: inout Section) -> [SessionAssertion] {
        guard let nodes = section.read(TestKeys.assert) else { return [] }
        if nodes.isEmpty {
            section.error(
                "`assert` holds no assertion", at: TestKeys.assert.name,
                help: "write `assert: [{never: {type: error}}]`")
        }
        return nodes.compactMap { node in
            condition(node).map { SessionAssertion($0, location: node.file == nil ? nil : node.location) }
        }
    }

    private func condition(_ node: Node) -> SessionAssertion.Condition? {
        guard let form = form(of: node), var section = Section(node, what: "an assertion", form, diagnostics) else {
            return nil
        }
        defer { section.finish() }
        switch form.names[0] {
        case AssertionKeys.call.name:
            let name = call(&section)
            let range = numbers(&section)
            return name.flatMap { name in range.map { .calls(of: name, $0) } }
        case AssertionKeys.event.name:
            let events = section.read(AssertionKeys.event).flatMap { self.events($0) }
            let range = numbers(&section)
            return events.flatMap { events in range.map { .events(events, $0) } }
        case AssertionKeys.never.name:
            return section.read(AssertionKeys.never).flatMap { events($0) }.map { .events($0, 0...0) }
        case AssertionKeys.before.name: return section.read(AssertionKeys.before).flatMap { order($0) }
        default:
            let limit = section.read(AssertionKeys.within)
            let first = section.read(AssertionKeys.of).flatMap { events($0) }
            let next = section.read(AssertionKeys.comes).flatMap { events($0) }
            guard let limit, let first, let next else { return nil }
            return .within(limit, of: first, comes: next)
        }
    }

    /// The form of an assertion, according to its only key of ``AssertionKeys/forms``. Reports an error and returns nil
    /// if it has no such key, or several.
    private func form(of node: Node) -> SectionForm? {
        guard var section = Section(node, what: "an assertion", diagnostics) else { return nil }
        let kinds = AssertionKeys.forms.map(\.key)
        let given = section.keys.filter { kinds.contains($0) }
        for key in given.dropFirst() {
            diagnostics.error(
                "an assertion has one of \(codeList(kinds)), and this one has `\(given[0])` already",
                at: section.entry(key)?.key ?? node, help: "make two assertions of it")
        }
        guard given.count <= 1 else { return nil }
        if let kind = given.first { return AssertionKeys.forms.first { $0.key == kind }?.form }
        guard let misspelt = section.keys.first(where: { closest(to: $0, among: kinds) != nil }) else {
            diagnostics.error(
                "an assertion needs one of \(codeList(kinds))", at: node, help: "write `never: {type: error}`")
            return nil
        }
        diagnostics.error(
            "unknown key \(quoted(misspelt))", at: section.entry(misspelt)?.key ?? node,
            help: suggestion(for: misspelt, among: kinds, called: "known keys"))
        return nil
    }

    private func call(_ section: inout Section) -> String? {
        guard let node = section.read(AssertionKeys.call) else { return nil }
        guard let name = section.string(AssertionKeys.call.name) else { return nil }
        guard !name.isEmpty else {
            diagnostics.error("the name of a function may not be empty", at: node)
            return nil
        }
        // The client may have functions that the file does not declare.
        if !functions.all.contains(name), let near = closest(to: name, among: functions.all.sorted()) {
            diagnostics.warning(
                "no handler of this file has a function \(quoted(name))", at: node, help: "did you mean `\(near)`?")
        }
        return name
    }

    // MARK: - Numbers

    /// The allowed number of events, from `exactly`, `at_least` and `at_most`.
    private func numbers(_ section: inout Section) -> ClosedRange<Int>? {
        let exactly = section.read(AssertionKeys.exactly)
        let atLeast = section.read(AssertionKeys.atLeast)
        let atMost = section.read(AssertionKeys.atMost)
        let names = AssertionKeys.numberNames.filter { section.has($0) }
        guard let first = names.first else {
            diagnostics.error(
                "the assertion needs one of \(codeList(AssertionKeys.numberNames))", at: section.node,
                help: "write `at_least: 1`")
            return nil
        }
        if first == AssertionKeys.exactly.name, names.count > 1 {
            diagnostics.error(
                "`\(names[1])` has no effect beside `exactly`", at: section.entry(names[1])?.key ?? section.node,
                help: "leave out one of the two")
            return nil
        }
        if let exactly { return exactly...exactly }
        let (low, high) = (atLeast ?? 0, atMost ?? .max)
        guard low <= high else {
            section.error(
                "`at_most` must not be less than `at_least`, which is \(low), and this is `\(high)`",
                at: AssertionKeys.atMost.name)
            return nil
        }
        return low...high
    }

    // MARK: - Patterns

    private func order(_ node: Node) -> SessionAssertion.Condition? {
        guard let patterns = node.list, patterns.count == 2 else {
            let found = node.list.map { "\($0.count == 1 ? "one is" : "\($0.count) are") here" }
            diagnostics.error(
                "`before` must be a list of two patterns, and \(found ?? "this is \(node.kindDescription)")", at: node,
                help: "write `before: [{type: session.updated}, {type: response.created}]`")
            return nil
        }
        let events = patterns.map { self.events($0) }
        guard let first = events[0], let second = events[1] else { return nil }
        return .before(first, second)
    }

    /// Reads a pattern of an assertion.
    private func events(_ node: Node) -> EventSelection? {
        guard let match = MatchNode(node, diagnostics) else { return nil }
        let rest = match.patternOrAny
        guard let pattern = pattern(rest, from: match.side) else { return nil }
        let scope = EventScope(pattern, interests: nil, from: match.side)
        FieldLint(lists: lists, listNodes: listNodes, functions: functions, diagnostics).check(rest, scope)
        return EventSelection(pattern, from: match.side)
    }
}
