import ArgumentParser
import RealtimeRouter
import Synchronization

/// `match`: prints the events that match a pattern.
struct MatchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "match", abstract: "Prints the events of a session that match a pattern, as grep does for text.",
        discussion: """
            Example: realtime-router match '{type: response.done, response: {status: [failed]}}' call.jsonl

            PATTERN has the syntax of `match` in a routes.yml, in YAML or JSON; @FILE reads it from a file. Matching lines are \
            printed unchanged, with their envelopes. The pattern is compared with the server's events. With `direction: client`, \
            it is compared with the client's events, except those that the router sent.

            The exit code is 0 if an event matched, 1 if none did, and 2 if the pattern or the session cannot be read.
            """)

    @Argument(help: "The pattern, in YAML or JSON, or @FILE.")
    var pattern: String

    @Argument(help: "The session: a file of JSON Lines, or - for standard input.")
    var session = "-"

    @OptionGroup var labelOptions: LabelOptions

    @Flag(name: [.customShort("c"), .long], help: "Print only the number of matching events.")
    var count = false

    @Flag(name: [.customShort("v"), .long], help: "Print the events that do not match.")
    var invert = false

    @Flag(help: "Also match derived events (router.*); they are printed as JSON.")
    var derived = false

    func run() async throws {
        let selection = try readPattern()
        let pattern = selection.pattern
        let printer = MatchPrinter(
            selection.side, isInverted: invert, withDerived: derived, onlyCounts: count)
        let report: RunReport
        do {
            let source = try RecordedSession(path: session)
            let router = Router(
                try Self.table(selection, seesAllDerived: derived && invert), options: RouterOptions(isDryRun: true),
                observer: printer)
            try await router.start()
            let labels = labelOptions.labels
            report =
                derived
                ? try await router.run(source, labels: labels)
                : try await router.run(SinglePass(source), labels: labels)
            await router.stop()
        } catch {
            throw ProgramExit.unusable("\(error)")
        }
        printer.finish()
        Terminal.warn(ofUndecodable: report.undecodable)
        if let failure = report.failure { throw ProgramExit.unusable("\(failure)") }
        try report.requireEvents(in: session)
        if printer.printed == 0, !invert { warnOfUnavailable(pattern) }
        if printer.printed == 0 { throw ProgramExit.negative }
    }

    private func readPattern() throws -> EventSelection {
        guard !["", "@"].contains(self.pattern) else {
            throw ProgramExit.unusable(
                "there is no pattern; give one like '{type: response.done}', or @FILE for one in a file")
        }
        let diagnostics = Diagnostics()
        let selection =
            pattern.hasPrefix("@")
            ? EventSelection.read(path: String(pattern.dropFirst()), diagnostics)
            : EventSelection.read(SourceFile(path: "PATTERN", text: pattern), diagnostics)
        if !diagnostics.isEmpty { Terminal.write(diagnostics.rendered()) }
        guard let selection else { throw ProgramExit.unusable() }
        if !derived, selection.side == .server, let type = Self.derivedType(selection.pattern) {
            throw ProgramExit.unusable(
                "`\(type)` is an event that the router derives, and no line of a session: add --derived")
        }
        return selection
    }

    /// A derived type that the pattern names, or one of them if the pattern can match only derived types; else nil.
    private static func derivedType(_ pattern: Pattern) -> String? {
        let types = EventType.Code.allCases.filter { $0 != .unknown }.map { EventType($0) }
        if let literals = pattern.typeLiterals { return literals.filter { EventType($0).isDerived }.min() }
        guard pattern.constrainsType, !types.contains(where: { !$0.isDerived && pattern.mayMatch(type: $0.name) })
        else { return nil }
        return types.first { $0.isDerived && pattern.mayMatch(type: $0.name) }?.name
    }

    /// Warns if the pattern needs what this command lacks: the outcomes of calls, or labels that were not given.
    private func warnOfUnavailable(_ pattern: Pattern) {
        if derived, pattern.constrainsType, pattern.mayMatch(type: EventType.routerFunctionCallDone.name) {
            Terminal.warning(
                "`match` runs no calls: `router.function_call.done` comes only of calls that the recording's client answered"
            )
        }
        let given = Set(labelOptions.labels.map(\.name))
        let asked = pattern.fieldPaths.filter { $0.count == 2 && $0[0] == SessionLabel.field }.map { $0[1] }
        for name in Set(asked).subtracting(given).sorted() {
            Terminal.warning(
                "the pattern asks for the label \(quoted(name.printable)): give --label \(name.printable)=…")
        }
    }

    /// A table whose first route has the pattern. A second route for every event makes the session derive the events that the
    /// pattern does not match.
    private static func table(_ selection: EventSelection, seesAllDerived: Bool) throws -> RouteTable {
        var routes = [Route("match", from: selection.side, match: selection.pattern, to: ["none"])]
        if seesAllDerived {
            routes.append(Route("rest", match: try Pattern(json: #"{"type": [{"exists": true}]}"#), to: ["none"]))
        }
        return try RouteTable(handlers: [HandlerBinding("none", .events { _ in })], routes: routes)
    }
}

/// A session that is read once. It offers no recorded outputs, which need a first pass over the file: they matter only to derived
/// events, and the first event should be printed immediately.
private struct SinglePass: EventSource {
    let source: RecordedSession

    init(_ source: RecordedSession) { self.source = source }

    var key: String { source.key }
    var name: String { source.name }
    var isInteractive: Bool { source.isInteractive }
    func nextBatch() async throws -> EventBatch? { try await source.nextBatch() }
}

/// Prints the lines of the events that the first route of a table takes; if inverted, the lines of all other events.
final class MatchPrinter: DispatchObserver {
    private struct State {
        var count = 0
        var output: [UInt8] = []
    }

    /// Output is written in blocks of this size, and earlier when the source has no more events for now.
    private static let blockBytes = 64 * 1024

    private let side: SessionSide
    private let isInverted: Bool
    private let withDerived: Bool
    private let onlyCounts: Bool
    private let state = Mutex(State())

    /// - Parameter side: the side whose events the first route takes; events of the other side are not printed.
    init(_ side: SessionSide, isInverted: Bool, withDerived: Bool, onlyCounts: Bool) {
        self.side = side
        self.isInverted = isInverted
        self.withDerived = withDerived
        self.onlyCounts = onlyCounts
    }

    /// The number of events that were printed or counted.
    var printed: Int { state.withLock(\.count) }

    func observe(_ dispatch: Dispatch, event: RawSpan, line: RawSpan) {
        if side == .server { show(dispatch, line) }
    }

    func observeClient(_ dispatch: Dispatch, event: RawSpan, line: RawSpan) {
        if side == .client { show(dispatch, line) }
    }

    private func show(_ dispatch: Dispatch, _ line: RawSpan) {
        guard (dispatch.routes.first == 0) != isInverted, withDerived || dispatch.position.derived == 0 else { return }
        state.withLock { state in
            state.count += 1
            guard !onlyCounts else { return }
            line.withUnsafeBytes { state.output.append(contentsOf: $0) }
            state.output.append(0x0A)
            if state.output.count >= Self.blockBytes { Self.write(&state) }
        }
    }

    func pause() {
        state.withLock { Self.write(&$0) }
    }

    /// Prints the remaining output, or the count.
    func finish() {
        pause()
        if onlyCounts { Terminal.print("\(printed)") }
    }

    private static func write(_ state: inout State) {
        guard !state.output.isEmpty else { return }
        // Lines are printed unchanged so that other programs can compare them. Only for a terminal are they escaped.
        if Terminal.isTerminal { Terminal.write(bytes: state.output) } else { Terminal.write(unescaped: state.output) }
        state.output.removeAll(keepingCapacity: true)
    }
}
