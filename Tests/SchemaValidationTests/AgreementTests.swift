import EventJSON
import Foundation
import SchemaValidation
import Testing

/// Thousands of random schemas and values, whose results are compared with Python's `jsonschema`.
struct AgreementTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()

    /// A Python with jsonschema: that of the virtual environment in .build, or the one in PATH; nil if neither has it.
    private static let python: String? = [
        folder.appending(path: "../../.build/python/bin/python3").standardized.path, "python3",
    ].first { (try? output(of: [$0, "-c", "from jsonschema import Draft202012Validator; print(1)"])) == "1\n" }

    private static let isRequired = ProcessInfo.processInfo.environment["REALTIME_ROUTER_ALL_TESTS"] != nil

    private static let firstSeed =
        ProcessInfo.processInfo.environment["REALTIME_ROUTER_SEED"].flatMap(UInt32.init)
        ?? UInt32.random(in: 0 ... .max)

    /// 5,000 pairs in total if all tests are requested.
    @Test(
        .enabled(if: isRequired || python != nil, "install Python's jsonschema: pip install jsonschema"),
        arguments: 0..<(isRequired ? 5 : 1) as Range<UInt32>)
    func validation_agreesWithPython(part: UInt32) throws {
        let seed = Self.firstSeed &+ part
        print("random schemas and values: REALTIME_ROUTER_SEED=\(Self.firstSeed)")
        let script = Self.folder.appending(path: "agreement.py").path
        let lines = try Self.output(of: [Self.python ?? "python3", script, "\(seed)", "1000"]).split(separator: "\n")
        #expect(lines.count == 1000)
        var fitting = 0
        for line in lines {
            let pair = try JSONValue(parsing: String(line))
            let (source, value) = try (#require(pair["schema"]), #require(pair["value"]))
            let verdict = pair["valid"] == true
            let schema = try JSONSchema(source)
            #expect(schema.accepts(value) == verdict, "seed \(seed): \(line)")
            #expect((schema.violations(in: value) == nil) == verdict, "seed \(seed): \(line)")
            fitting += verdict ? 1 : 0
        }
        #expect((200...900).contains(fitting), "nearly all pairs have the same verdict")
    }

    private static func output(of command: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = command
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: output, as: UTF8.self)
    }
}
