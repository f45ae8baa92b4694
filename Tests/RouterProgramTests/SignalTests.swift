import Foundation
import Testing

/// SIGINT and SIGTERM while the program waits for more to read.
@Suite struct SignalTests {
    @Test(arguments: [SIGINT, SIGTERM])
    func signal_printsSummary(_ signal: Int32) async throws {
        let place = try Workplace()
        let input = try NamedPipe(in: place)
        defer { input.end() }
        let program = try place.start("run", "--log", "dispatch.jsonl", input: input.path)
        try input.write(String(contentsOfFile: BuiltProgram.session("tool-call"), encoding: .utf8))
        #expect(await soon { program.output.contains("  agent   ") })
        kill(program.pid, signal)
        let ending = await program.end()
        #expect(ending.code == 128 + Int(signal))
        var snapshot = Snapshot("realtime-router run, and a signal", .init(code: 0, output: ending.output), in: place)
        snapshot.addFiles()
        try snapshot.check("run/interrupted-while-reading")
        #expect(ending.error == "")
    }
}
