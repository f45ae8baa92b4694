import Foundation
import Testing

/// The exit code, outputs and files of a program's run, as one text that a test compares with a file in Expected.
struct Snapshot {
    private var lines: [String]
    private let place: Workplace

    /// - Parameter isOrdered: whether the order of lines of neighbouring calls matters; it does not for calls that run
    ///   at the same time.
    init(_ command: String, _ ending: RunningProgram.Ending, in place: Workplace, isOrdered: Bool = false) {
        self.place = place
        lines = ["$ \(command)", "exit code \(ending.code)"]
        let output = lineList(ending.output)
        add("standard output", isOrdered ? output : output.sortingNeighbours(where: Self.isOfACall))
        add("standard error", lineList(ending.error))
    }

    /// Adds the contents of the user's files that exist. Sorts lines of calls that run at the same time.
    mutating func addFiles() {
        add("transcript.jsonl", place.lines("transcript.jsonl"))
        add("calls.jsonl", place.lines("calls.jsonl").grouped(by: "call_id"))
        add("pages.jsonl", place.lines("pages.jsonl"))
        add("dead-letters.jsonl", place.lines("dead-letters.jsonl"))
        add("outbound.jsonl", place.lines("outbound.jsonl").sortingNeighbours(where: Self.isOfACall))
        add(
            "dispatch.jsonl",
            place.lines("dispatch.jsonl").map { masked($0) }.grouped(by: "type").grouped(by: "handler")
                .sortingNeighbours { $0.contains("router.function_call.done") })
    }

    private static func isOfACall(_ line: String) -> Bool {
        line.contains("  tool    ") || line.contains("function_call_output")
    }

    /// Adds lines under a heading; adds nothing if there are no lines.
    mutating func add(_ heading: String, _ content: [String]) {
        if !content.isEmpty { lines += ["", "--- \(heading)"] + content.map { masked($0, in: place) } }
    }

    /// Compares the snapshot with Expected/NAME.txt.
    ///
    /// With UPDATE_EXPECTED in the environment, it writes the file and the test fails nevertheless: review the change and
    /// run it again.
    func check(_ name: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Expected/\(name).txt")
        let expected = try? String(contentsOf: file, encoding: .utf8)
        let actual = lines.joined(separator: "\n") + "\n"
        guard actual != expected else { return }
        if ProcessInfo.processInfo.environment["UPDATE_EXPECTED"] != nil {
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try actual.write(to: file, atomically: true, encoding: .utf8)
        }
        Issue.record("Expected/\(name).txt\n\(Self.difference(expected ?? "", actual))", sourceLocation: sourceLocation)
    }

    /// The missing and the unexpected lines, with their numbers.
    private static func difference(_ expected: String, _ actual: String) -> String {
        let difference = lineList(actual).difference(from: lineList(expected))
        let removals = difference.removals.map { change -> (Int, String) in
            guard case .remove(let offset, let line, _) = change else { return (0, "") }
            return (offset, "\(offset + 1) expected  \(line)")
        }
        let insertions = difference.insertions.map { change -> (Int, String) in
            guard case .insert(let offset, let line, _) = change else { return (0, "") }
            return (offset, "\(offset + 1) found     \(line)")
        }
        return (removals + insertions).sorted { $0.0 < $1.0 }.map(\.1).joined(separator: "\n")
    }
}
