// Routes a recorded call by the routes.yml at the top of this package. It prints the utterances, the local command that the model
// called, and a summary. The handlers write their files to a new temporary folder. Edit routes.yml and run it again.
//
//     swift run QuickStart [SESSION.jsonl]

import RealtimeRouter

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

@main
struct QuickStart {
    static func main() async throws {
        let package = #filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined()
        let session = CommandLine.arguments.dropFirst().first ?? package + "/Examples/Sessions/quickstart.jsonl"
        let folder = try makeTemporaryFolder()
        setenv("PAGE_LOG", folder + "/pages.jsonl", 1)

        let diagnostics = Diagnostics()
        let configuration = RouteConfiguration.load(
            path: package + "/routes.yml", registry: .standard, outputFolder: folder, diagnostics)
        if !diagnostics.isEmpty { print(diagnostics.rendered()) }
        guard let configuration else { exit(2) }

        let router = Router(configuration)
        try await router.start()
        let outbound = try OutboundFile(path: folder + "/outbound.jsonl")
        let report = try await router.run(RecordedSession(path: session), outbound: outbound)
        await router.stop()

        print("\n" + lastLine(report))
        print("written to \(folder): \(try fileNames(in: folder).joined(separator: ", "))")
    }

    /// The last line of output: turns, latency, calls, tokens, lost events.
    private static func lastLine(_ report: RunReport) -> String {
        let figures = report.summaries.first?.summary.json ?? [:]
        let calls = figures["function_calls"]?.object?.reduce(0) { $0 + ($1.value.int ?? 0) } ?? 0
        var parts = [count(figures["turns"]?.int ?? 0, "turn")]
        if let latency = figures["turn_latency_ms"]?["p50"]?.int { parts.append("latency \(latency) ms") }
        parts += [count(calls, "call"), count(figures["tokens"]?["total"]?.int ?? 0, "token")]
        return parts.joined(separator: ", ") + ", \(count(report.lost, "event")) lost"
    }

    private static func count(_ number: Int, _ one: String) -> String { "\(number) \(one)\(number == 1 ? "" : "s")" }

    private static func makeTemporaryFolder() throws -> String {
        let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array("\(base)/quickstart-XXXXXX".utf8CString)
        guard let made = mkdtemp(&template) else { throw POSIXFailure(code: errno) }
        return String(cString: made)
    }

    private static func fileNames(in folder: String) throws -> [String] {
        guard let stream = opendir(folder) else { throw POSIXFailure(code: errno) }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted()
    }
}

/// The error of a failed system call.
struct POSIXFailure: Error, CustomStringConvertible {
    let code: CInt
    var description: String { String(cString: strerror(code)) }
}
