import Foundation
import Testing

/// One of the programs that were built with these tests.
enum BuiltProgram {
    /// The folder of this package.
    static let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path

    /// A program's path: it lies beside the test bundle.
    static func path(_ name: String) -> String { folder + "/" + name }

    /// A recorded session of the examples.
    static func session(_ name: String) -> String { "\(package)/Examples/Sessions/\(name).jsonl" }

    /// The names of all of them.
    static let sessions = [
        "answered-tool-call", "beta-names", "failed-response", "interruption", "late-transcripts",
        "parallel-tool-calls",
        "quickstart", "spoken-turn", "tool-call", "transcription-only", "unknown-and-malformed",
    ]

    private static let folder: String = {
        #if os(Linux)
            // The tests are an executable of their own here, in the build folder.
            return URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent().path
        #else
            let bundle = CommandLine.arguments.first { $0.contains(".xctest") } ?? CommandLine.arguments[0]
            let end = bundle.range(of: ".xctest").map { bundle[..<$0.upperBound] } ?? bundle[...]
            return URL(filePath: String(end)).deletingLastPathComponent().path
        #endif
    }()
}
