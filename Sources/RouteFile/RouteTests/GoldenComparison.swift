import EventRouter
import RealtimeEvents

/// What a session's events did, against the file that says what they are to do.
struct GoldenComparison {
    /// Lines of a difference that people are shown.
    private static let shownLines = 20

    private let golden: GoldenDispatch

    init(_ golden: GoldenDispatch) {
        self.golden = golden
    }

    /// - Parameter updates: whether the file is written when it is absent or says something else.
    func verdict(_ actual: [RoutedEvent], updates: Bool) async throws -> RouteTestResult.Verdict {
        guard golden.exists else {
            if updates {
                try golden.write(actual)
                return .created(path: golden.path)
            }
            return .failed([
                RouteTestResult.Difference(
                    title: "there is no \(golden.path) to say what is expected", lines: [],
                    help: "`realtime-router test --update` writes it: look through it then")
            ])
        }
        // A file that is something else is never written over: its name may be a slip.
        let expected = try await golden.read()
        guard expected != actual else { return .passed }
        if updates {
            try golden.write(actual)
            return .updated(path: golden.path)
        }
        let lines = Self.lines(expected, actual)
        return .failed([difference(lines)])
    }

    private func difference(_ all: [RouteTestResult.Line]) -> RouteTestResult.Difference {
        var lines = Array(all.prefix(Self.shownLines))
        if lines.count < all.count {
            lines.append(RouteTestResult.Line(sign: " ", text: "… and \(all.count - lines.count) lines more"))
        }
        return RouteTestResult.Difference(
            title: "\(golden.path) (- expected, + routed)", lines: lines,
            help: "when it is meant to be so, `realtime-router test --update` takes it over")
    }

    /// The events that went another way, by position: what is the same is left out.
    private static func lines(_ expected: [RoutedEvent], _ actual: [RoutedEvent]) -> [RouteTestResult.Line] {
        let old = Dictionary(expected.map { ($0.position, $0) }) { first, _ in first }
        let new = Dictionary(actual.map { ($0.position, $0) }) { first, _ in first }
        var lines: [RouteTestResult.Line] = []
        for position in Set(old.keys).union(new.keys).sorted() where old[position] != new[position] {
            if let event = old[position] { lines.append(RouteTestResult.Line(sign: "-", text: event.description)) }
            if let event = new[position] { lines.append(RouteTestResult.Line(sign: "+", text: event.description)) }
        }
        return lines
    }
}
