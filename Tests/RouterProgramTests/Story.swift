import Foundation
import Testing

/// Everything that came of a run of a program, as one text that a test holds against a file in Expected.
struct Story {
    private var lines: [String]
    private let place: Workplace

    /// - Parameter isOrdered: whether the lines of neighbouring calls stand in an order to be held to; those of calls that run
    ///   at the same time do not.
    init(_ command: String, _ ending: RunningProgram.Ending, in place: Workplace, isOrdered: Bool = false) {
        self.place = place
        lines = ["$ \(command)", "exit code \(ending.code)"]
        let output = lineList(ending.output)
        add("standard output", isOrdered ? output : output.sortingNeighbours(where: Self.isOfACall))
        add("standard error", lineList(ending.error))
    }

    /// Adds what stands in the user's files, where there are any. The order of what happens at the same time is not kept.
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

    /// Adds lines under a heading; nothing when there are none.
    mutating func add(_ heading: String, _ content: [String]) {
        if !content.isEmpty { lines += ["", "--- \(heading)"] + content.map { masked($0, in: place) } }
    }

    /// Holds the story against Expected/NAME.txt.
    ///
    /// With UPDATE_EXPECTED in the environment the file is written, and the test fails all the same: look at the change and
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

    /// The lines that are missing and those that should not be there, each with its number.
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
