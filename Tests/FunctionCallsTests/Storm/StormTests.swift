import ScratchFolders

#if os(Linux)
    import Foundation
    import Testing

    /// Very many concurrent sessions, with a quarter of their calls going wrong.
    @Suite(.timeLimit(.minutes(20))) struct StormTests {
        /// Runs in a process of its own, so that threads, descriptors and child processes belong to the test alone.
        ///
        /// `ROUTER_STORM=1000` sets the number of sessions and prints the figures.
        @Test func storm_everyCallIsAnsweredOnce() async {
            let result = await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) {
                let variables = ProcessInfo.processInfo.environment
                let seed = variables["ROUTER_SEED"].flatMap(UInt64.init) ?? .random(in: 0 ... .max)
                let sessions = variables["ROUTER_STORM"].flatMap(Int.init) ?? 12
                let folder = try ScratchFolder()
                setenv("TMPDIR", folder.path, 1)
                let storm = try Storm(sessions: sessions, seed: seed, folder: folder)
                let report = try await storm.run()
                print(report)
                for problem in report.problems { Issue.record("\(problem), with ROUTER_SEED=\(seed)") }
            }
            print(String(decoding: result?.standardOutputContent ?? [], as: UTF8.self))
        }
    }
#endif
