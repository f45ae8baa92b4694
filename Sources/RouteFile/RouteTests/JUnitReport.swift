import ConfigSource

/// The results of tests as JUnit XML, which GitLab, Jenkins and other CI servers read.
///
/// The report has one `testsuite` for the routes file, with a `testcase` for each result. It is always well-formed XML
/// 1.0: characters that XML does not allow are replaced by visible symbols.
package struct JUnitReport {
    private let file: String
    private var cases: [(result: RouteTestResult, milliseconds: Int)] = []

    /// Creates a report without results.
    ///
    /// - Parameter file: the path of the routes file.
    package init(file: String) { self.file = file }

    /// Adds a result at the end.
    ///
    /// - Parameter milliseconds: the duration of the test.
    package mutating func add(_ result: RouteTestResult, milliseconds: Int) { cases.append((result, milliseconds)) }

    /// The XML of the report.
    package var text: String {
        let totals = attributes([
            ("tests", "\(cases.count)"), ("failures", "\(count(.failure))"), ("errors", "\(count(.error))"),
            ("skipped", "\(count(.skipped))"), ("time", Self.seconds(cases.reduce(0) { $0 + $1.milliseconds })),
        ])
        var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        text += "<testsuites\(attributes([("name", "realtime-router test")]))\(totals)>\n"
        text += "  <testsuite\(attributes([("name", file)]))\(totals)>\n"
        for (result, milliseconds) in cases { text += testCase(result, milliseconds) }
        return text + "  </testsuite>\n</testsuites>\n"
    }

    private func testCase(_ result: RouteTestResult, _ milliseconds: Int) -> String {
        let start = attributes([
            ("name", result.title), ("classname", className), ("file", file), ("time", Self.seconds(milliseconds)),
        ])
        guard let outcome = Outcome(result.verdict) else { return "    <testcase\(start)/>\n" }
        let name = outcome.kind.rawValue
        let message = attributes([("message", outcome.message)])
        let element =
            outcome.kind == .skipped
            ? "<\(name)\(message)/>"
            : "<\(name)\(message)\(attributes([("type", outcome.type)]))>\(Self.escaped(result.rendered()))</\(name)>"
        return "    <testcase\(start)>\n      \(element)\n    </testcase>\n"
    }

    /// The file's path without its extension. Jenkins would read the part before the extension's dot as a package name.
    private var className: String {
        for ending in [".yml", ".yaml"] where file.hasSuffix(ending) { return String(file.dropLast(ending.count)) }
        return file
    }

    private func count(_ kind: Outcome.Kind) -> Int { cases.count { Outcome($0.result.verdict)?.kind == kind } }

    private static func seconds(_ milliseconds: Int) -> String {
        let digits = "\(milliseconds % 1000)"
        return "\(milliseconds / 1000).\(String(repeating: "0", count: 3 - digits.count))\(digits)"
    }
}

extension JUnitReport {
    /// The XML element of a test that did not pass.
    private struct Outcome {
        enum Kind: String {
            case failure
            case error
            case skipped
        }

        let kind: Kind
        let message: String
        let type: String

        /// The outcome of a verdict; nil if the test passed.
        init?(_ verdict: RouteTestResult.Verdict) {
            switch verdict {
            case .passed, .created, .updated: return nil
            case .failed(let differences):
                (kind, message, type) = (.failure, differences.first?.title ?? "", "failed")
            case .skipped(let reason): (kind, message, type) = (.skipped, reason, "skipped")
            case .unusable(let reason): (kind, message, type) = (.error, reason, "not run")
            case .unwritten(let reason): (kind, message, type) = (.error, reason, "not written")
            }
        }
    }

    private func attributes(_ attributes: [(String, String)]) -> String {
        attributes.map { " \($0)=\"\(Self.escaped($1.printable))\"" }.joined()
    }

    /// A text escaped for XML content and attributes.
    private static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&apos;"
            case "\n": escaped += "\n"
            case "\u{FFFE}", "\u{FFFF}": escaped += "\u{FFFD}"
            default: escaped.unicodeScalars.append(scalar.value < 0x20 ? "\u{FFFD}" : scalar)
            }
        }
        return escaped
    }
}
