import Foundation
import LocalCommands
import RealtimeRouter
import Testing

/// Python's `jsonschema`, which is asked whether a schema is one and what it makes of documents.
enum PythonValidator {
    static let package = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..").standardized

    /// A Python that has what it takes: that of a virtual environment under .build, or the one in PATH.
    private static let python: String? = {
        let candidates = [package.appending(path: ".build/python/bin/python").path, "python3"]
        return candidates.first { candidate in
            let process = Process()
            process.executableURL = URL(filePath: "/usr/bin/env")
            process.arguments = [candidate, "-c", "import yaml; from jsonschema import Draft202012Validator"]
            process.standardError = FileHandle.nullDevice
            guard (try? process.run()) != nil else { return false }
            process.waitUntilExit()
            return process.terminationStatus == 0
        }
    }()

    /// Whether tests that ask it are run: where it is, and where it has to be, as in CI.
    static let isAsked = python != nil || ProcessInfo.processInfo.environment["REALTIME_ROUTER_ALL_TESTS"] != nil

    /// What is said of a test that is skipped.
    static let wanted: Comment = "wants a python3 with jsonschema and PyYAML; `.ci/run schema` sees to that"

    /// A mistake: where, as a JSON path, and what.
    typealias Mistake = (place: String, message: String)

    /// The mistakes in each document, in the documents' order. A document that is a string is YAML.
    static func mistakes(in documents: [JSONValue], by schema: JSONValue) async throws -> [[Mistake]] {
        let request: JSONValue = ["schema": schema, "documents": .array(documents)]
        let script = package.appending(path: "Tests/RealtimeRouterTests/Schema/validate.py").path
        let result = try await LocalCommand(
            [python ?? "python3", script], standardInput: Array(request.description.utf8),
            limits: CommandLimits(timeout: .seconds(300), maximumOutput: 16 << 20)
        ).run()
        guard result.isSuccess else {
            throw PythonFailure(description: String(decoding: result.standardErrorTail, as: UTF8.self))
        }
        let answer = try JSONValue(parsing: result.standardOutput)
        return (answer.array ?? []).map { mistakes in
            (mistakes.array ?? []).map { ($0[0]?.string ?? "", $0[1]?.string ?? "") }
        }
    }
}

struct PythonFailure: Error, CustomStringConvertible {
    let description: String
}
