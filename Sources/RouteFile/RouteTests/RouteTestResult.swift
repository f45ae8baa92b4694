import ConfigSource

/// The result of a test.
public struct RouteTestResult: Sendable {
    /// The verdict on a test.
    public enum Verdict: Sendable, Hashable {
        /// The test passed.
        case passed
        /// The file that `expect` names did not exist, so the test created it.
        case created(path: String)
        /// The file that `expect` names differed, so the test replaced it.
        case updated(path: String)
        /// The test failed, with one entry for each expectation or assertion that was not met.
        case failed([Difference])
        /// The test needs recorded sessions, and the caller named no recording. The text says what to do.
        case skipped(String)
        /// The test could not run, for example because a file cannot be read. The text is the reason.
        case unusable(String)
        /// The file that `expect` names could not be written, because the disk is full or broken. The text is the
        /// reason.
        case unwritten(String)
    }

    /// A difference between what was expected and what happened.
    public struct Difference: Sendable, Hashable {
        /// What differs, with the meaning of the lines' signs: `calls.jsonl (- expected, + routed)`.
        public var title: String
        /// The lines, in order. A line's sign says whether it was expected, happened, or both.
        public var lines: [Line]
        /// The suggested action; nil if there is none.
        public var help: String?
    }

    /// A line of a difference.
    public struct Line: Sendable, Hashable {
        /// `-` if the line was only expected, `+` if it only happened, a space if both.
        public var sign: Character
        /// The text.
        public var text: String
    }

    /// The test's name.
    public let name: String
    /// The test's location: `routes.yml:12:5`; nil if it was made in code.
    public let place: String?
    /// The path of the recorded session that this result is for, if the test has a list of sessions; otherwise nil.
    public var session: String?
    /// The verdict.
    public let verdict: Verdict

    /// The test's name, followed by ``session`` if that is not nil.
    public var title: String { session.map { "\(name): \($0)" } ?? name }

    /// The result as text: one line for the test, followed by its differences.
    public func rendered() -> String {
        var lines: [String] = []
        switch verdict {
        case .passed: lines = ["ok      \(title)"]
        case .created(let path): lines = ["created \(title): \(path), a new file: review it"]
        case .updated(let path): lines = ["updated \(title): \(path)"]
        case .skipped(let reason): lines = ["skipped \(title): \(reason)"]
        case .unusable(let reason), .unwritten(let reason):
            lines = ["error   \(title)", "        \(place.map { $0 + ": " } ?? "")\(reason)"]
        case .failed(let differences):
            lines = ["FAILED  \(title)"]
            if let place { lines.append("        \(place)") }
            for difference in differences {
                lines.append("        \(difference.title)")
                lines += difference.lines.map { "          \($0.sign) \($0.text)" }
                if let help = difference.help { lines.append("        help: \(help)") }
            }
        }
        return lines.map(\.printable).joined(separator: "\n")
    }
}

extension RouteTestResult.Difference {
    /// The difference between two lists of names; nil if they are equal.
    ///
    /// - Parameter actual: the names; `shown` is the text to print after `+` if a name was not expected.
    init?(_ title: String, expected: [String], actual: [(name: String, shown: String)]) {
        let names = actual.map(\.name)
        guard expected != names else { return nil }
        let changes = names.difference(from: expected)
        let removed = Set(changes.removals.map(\.offset))
        let inserted = Set(changes.insertions.map(\.offset))
        var lines: [RouteTestResult.Line] = []
        var (old, new) = (0, 0)
        while old < expected.count || new < actual.count {
            if removed.contains(old) {
                lines.append(RouteTestResult.Line(sign: "-", text: expected[old]))
                old += 1
            } else if inserted.contains(new) {
                lines.append(RouteTestResult.Line(sign: "+", text: actual[new].shown))
                new += 1
            } else {
                lines.append(RouteTestResult.Line(sign: " ", text: expected[old]))
                (old, new) = (old + 1, new + 1)
            }
        }
        self.init(title: title, lines: lines, help: nil)
    }
}

extension CollectionDifference.Change {
    fileprivate var offset: Int {
        switch self {
        case .insert(let offset, _, _), .remove(let offset, _, _): offset
        }
    }
}
