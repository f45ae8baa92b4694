#if os(Linux)
    /// The figures of a load test.
    struct StormReport: CustomStringConvertible {
        struct Wave {
            var took: Duration
            /// While the router, and so the worker, is still running.
            var process: OwnProcess
        }

        var sessions: Int
        var before = OwnProcess()
        var after = OwnProcess()
        var waves: [Wave] = []
        /// An event's delays on the way to another handler, without calls and under load, sorted.
        var calmWaits: [Duration] = []
        var stormWaits: [Duration] = []
        var journalLines = 0
        /// The files left in the folder for temporary files.
        var files: [String] = []
        /// The errors of the sessions.
        var wrongSessions: [String] = []

        init(sessions: Int) { self.sessions = sessions }

        private var calls: Int { sessions * 4 }

        /// The violated expectations.
        var problems: [String] {
            var problems = wrongSessions
            if !after.hasNoMore(than: before) { problems.append("left behind: \(after), after \(before)") }
            if !files.isEmpty { problems.append("files left behind: \(files)") }
            // One call of the first session, and the calls of both runs.
            if journalLines != 2 * (4 + 2 * calls) { problems.append("the journal has \(journalLines) lines") }
            let growth = waves[1].process.kibibytes - waves[0].process.kibibytes
            if growth > max(8 << 10, waves[0].process.kibibytes / 10) {
                problems.append("the second wave took \(growth) KiB more memory than the first")
            }
            // Two processors are shared with all those commands. A handler that waited for calls would wait for
            // seconds.
            if stormWaits.quantile(0.5) > .milliseconds(50) { problems.append("other handlers were delayed") }
            return problems
        }

        var description: String {
            let lines = waves.map { wave in "  \(calls) calls of \(sessions) sessions in \(wave.took): \(wave.process)"
            }
            return
                ([
                    "storm: before \(before); after \(after)"
                ] + lines + [
                    "  another handler, calm: \(Self.quantiles(calmWaits))",
                    "  another handler, storm: \(Self.quantiles(stormWaits))",
                ]).joined(separator: "\n")
        }

        private static func quantiles(_ waits: [Duration]) -> String {
            let parts = [("median", 0.5), ("99 %", 0.99), ("longest", 1)]
            return "\(waits.count) events, "
                + parts.map { "\($0.0) \(waits.quantile($0.1).formatted)" }.joined(separator: ", ")
        }
    }

    extension Duration {
        /// In milliseconds, with three decimals.
        fileprivate var formatted: String { "\(Double(self / .microseconds(1)).rounded() / 1000) ms" }
    }
#endif
