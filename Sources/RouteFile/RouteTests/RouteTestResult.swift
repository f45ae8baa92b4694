import ConfigSource

/// What became of a test.
public struct RouteTestResult: Sendable {
    /// How a test ended.
    public enum Verdict: Sendable, Hashable {
        /// Everything is as expected.
        case passed
        /// The file of expectations was absent, and was written.
        case created(path: String)
        /// The file of expectations said something else, and was written anew.
        case updated(path: String)
        /// What is not as expected, one entry a question.
        case failed([Difference])
        /// The test is about recorded sessions, and nobody named any: what to do.
        case skipped(String)
        /// A file of the test cannot be used, so nothing can be said: the reason.
        case unusable(String)
        /// The file of expectations could not be written, as its disk is full or broken: the reason.
        case unwritten(String)
    }

    /// One thing that is not as expected.
    public struct Difference: Sendable, Hashable {
        /// What differs, with a word on how to read it.
        public var title: String
        /// What stands on both sides (` `), was only expected (`-`), or only happened (`+`), in order.
        public var lines: [Line]
        /// What to do about it.
        public var help: String?
    }

    /// A line of a difference.
    public struct Line: Sendable, Hashable {
        /// A blank for both sides, `-` for expected only, `+` for what happened only.
        public var sign: Character
        /// The text.
        public var text: String
    }

    /// The test's name.
    public let name: String
    /// Where the test stands, `routes.yml:12:5`; nil when it stands in no file.
    public let place: String?
    /// The file of the session; nil if the test is about events, or names one session itself.
    public var session: String?
    /// How it ended.
    public let verdict: Verdict

    /// The test's name, with the file of the session.
    public var title: String { session.map { "\(name): \($0)" } ?? name }

    /// A line for the test, and below it what is wrong.
    public func rendered() -> String {
        var lines: [String] = []
        switch verdict {
        case .passed: lines = ["ok      \(title)"]
        case .created(let path): lines = ["created \(title): \(path), a new file: look through it"]
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
    /// The difference between two lists of names, `nil` when there is none.
    ///
    /// - Parameter actual: the names, with the text that shows each when it was not expected.
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
