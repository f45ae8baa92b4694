import Foundation
import Testing

/// A folder in which a test works as a user would: with the package's routes.yml and the tools that it names.
final class Workplace: Sendable {
    let path: String
    /// The folder for programs' outputs, separate from the user's files.
    let logs: String
    private let top: URL

    /// - Parameter routes: the text of routes.yml; the package's own when nil.
    init(routes: String? = nil) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "program-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: folder.appending(path: "place"), withIntermediateDirectories: true)
        top = folder.resolvingSymlinksInPath()
        path = top.appending(path: "place").path
        logs = top.appending(path: "logs").path
        try FileManager.default.createDirectory(atPath: logs, withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(
            atPath: path + "/Examples", withDestinationPath: BuiltProgram.package + "/Examples")
        try write("routes.yml", routes ?? String(contentsOfFile: BuiltProgram.package + "/routes.yml", encoding: .utf8))
    }

    deinit { try? FileManager.default.removeItem(at: top) }

    /// Writes a file of the folder.
    func write(_ name: String, _ text: String) throws { try write(name, Array(text.utf8)) }

    /// Writes a file of the folder.
    func write(_ name: String, _ bytes: [UInt8]) throws {
        try Data(bytes).write(to: URL(filePath: "\(path)/\(name)"))
    }

    /// Makes a folder in the folder, and those around it.
    func makeFolder(_ name: String) throws {
        try FileManager.default.createDirectory(atPath: "\(path)/\(name)", withIntermediateDirectories: true)
    }

    /// Writes a program into the folder.
    ///
    /// A shell writes the file: a file that the tests' process has open may be open in a child process that starts meanwhile, and
    /// a program that is open for writing cannot be run.
    func writeProgram(_ name: String, _ text: String) async throws {
        try write("\(name).text", text)
        let ending = try await shell("cat \(name).text > \(name) && chmod 700 \(name) && rm \(name).text")
        try #require(ending.code == 0, "\(ending.error)")
    }

    /// The text of a file of the folder; nil when there is none.
    func text(_ name: String) -> String? {
        (try? Data(contentsOf: URL(filePath: "\(path)/\(name)"))).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The lines of a file of the folder; none when there is none.
    func lines(_ name: String) -> [String] { lineList(text(name) ?? "") }

    /// Starts `realtime-router`, or another of the built programs.
    func start(
        _ arguments: String..., program: String = "realtime-router", input: String = "/dev/null",
        environment: [String: String] = [:]
    ) throws -> RunningProgram {
        try start([BuiltProgram.path(program)] + arguments, input: input, environment: environment)
    }

    /// Starts any program.
    func start(_ words: [String], input: String = "/dev/null", environment: [String: String]) throws -> RunningProgram {
        // The variables of a typical shell, without those that change the program's output.
        var variables = ["PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": path, "TMPDIR": top.path, "TZ": "UTC"]
        variables.merge(environment) { $1 }
        return try RunningProgram(words, in: self, input: input, environment: variables)
    }

    /// Runs `realtime-router`, or another of the built programs, to its end.
    func run(
        _ arguments: String..., program: String = "realtime-router", input: String = "/dev/null",
        environment: [String: String] = [:]
    ) async throws -> RunningProgram.Ending {
        try await run(arguments, program: program, input: input, environment: environment)
    }

    /// Runs `realtime-router`, or another of the built programs, to its end.
    func run(
        _ arguments: [String], program: String = "realtime-router", input: String = "/dev/null",
        environment: [String: String] = [:]
    ) async throws -> RunningProgram.Ending {
        try await start([BuiltProgram.path(program)] + arguments, input: input, environment: environment).end()
    }

    /// Runs a script of the shell in which `$ROUTER` is the program.
    func shell(_ script: String) async throws -> RunningProgram.Ending {
        try await start(
            ["/bin/sh", "-c", script], environment: ["ROUTER": BuiltProgram.path("realtime-router")]
        ).end()
    }
}

/// The lines of a text, without the empty line after its last line end.
func lineList(_ text: String) -> [String] {
    var lines = text.components(separatedBy: "\n")
    if lines.last == "" { lines.removeLast() }
    return lines
}
