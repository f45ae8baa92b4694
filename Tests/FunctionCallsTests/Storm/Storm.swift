import ScratchFolders
import SeededNumbers

#if os(Linux)
    import EventPatterns
    import EventRouter
    import Foundation
    import FunctionCalls
    import RouterTesting

    /// Sessions that run concurrently on one router, with four calls each; a quarter of the calls go wrong.
    struct Storm {
        private static let callsPerSession = 4
        private let sessions: Int
        private let seed: UInt64
        private let folder: ScratchFolder
        private let prober = Prober()
        private let router: Router

        init(sessions: Int, seed: UInt64, folder: ScratchFolder) throws {
            self.sessions = sessions
            self.seed = seed
            self.folder = folder
            let tools = FunctionCallHandler(
                try StormCall.functions(in: folder.path), journal: "\(folder.path)/calls.jsonl", maxConcurrent: 32)
            router = Router(
                try RouteTable(
                    handlers: [HandlerBinding("tools", tools), HandlerBinding("prober", prober)],
                    routes: [
                        Route("tool calls", to: ["tools"]),
                        Route("probes", match: try .init(json: #"{"type": ["probe"]}"#), to: ["prober"]),
                    ]))
        }

        /// Runs the load twice: the memory that the first run needed must suffice for the second.
        func run() async throws -> StormReport {
            var random = SplitMix(seed: seed)
            var report = StormReport(sessions: sessions)
            // Objects that are created once and stay, such as the threads that watch for output and exits.
            try await router.start()
            report.wrongSessions += try await wave("first", 1, &random)
            await router.stop()
            report.before = try .now(folder: folder.path)

            try await router.start()
            let prober = Task { [prober, router] in try await prober.probe(router) }
            try await Task.sleep(for: .seconds(1))
            report.calmWaits = self.prober.takeWaits()
            for name in ["second", "third"] {
                let begin = ContinuousClock.now
                report.wrongSessions += try await wave(name, sessions, &random)
                report.waves.append(.init(took: .now - begin, process: try .now(folder: folder.path)))
            }
            report.stormWaits = self.prober.takeWaits()
            prober.cancel()
            try await prober.value
            await router.stop()

            report.after = try await settled(report.before)
            report.journalLines = folder.lines("calls.jsonl").count
            report.files = folder.names.filter { $0 != "calls.jsonl" }
            return report
        }

        /// Plays all sessions concurrently, and returns their errors.
        private func wave(_ name: String, _ count: Int, _ random: inout SplitMix) async throws -> [String] {
            let number = count * Self.callsPerSession
            var calls = (0..<number).map { index in
                let kinds = index % 4 == 0 ? StormCall.bad : StormCall.good
                return kinds[index / 4 % kinds.count]
            }
            calls.shuffle(using: &random)
            return try await withThrowingTaskGroup { group in
                for session in 0..<count {
                    let own = Array(calls[(session * Self.callsPerSession)...].prefix(Self.callsPerSession))
                    group.addTask { [router] in
                        try await StormSession(key: "\(name)-\(session)", calls: own).play(router)
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
        }

        /// The process's figures when nothing more is left than before, or after a while. Idle threads end only after
        /// some time.
        private func settled(_ before: OwnProcess) async throws -> OwnProcess {
            let deadline = ContinuousClock.now + .seconds(60)
            while true {
                let now = try OwnProcess.now(folder: folder.path)
                if now.hasNoMore(than: before) || ContinuousClock.now > deadline { return now }
                try await Task.sleep(for: .milliseconds(20))
            }
        }
    }
#endif
