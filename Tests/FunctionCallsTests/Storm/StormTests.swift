import ScratchFolders

#if os(Linux)
    import Foundation
    import Testing

    /// Very many sessions at once, a quarter of whose calls go wrong.
    @Suite(.timeLimit(.minutes(20))) struct StormTests {
        /// In a process of its own, whose threads, descriptors and children are nobody else's.
        ///
        /// `ROUTER_STORM=1000` has as many sessions, and prints its figures like the small one.
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
