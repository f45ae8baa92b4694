#if os(Linux)
    import Foundation

    /// The system's figures for this process and its child processes.
    struct OwnProcess: CustomStringConvertible {
        var processes = 0
        var threads = 0
        var descriptors = 0
        var kibibytes = 0

        /// The current figures.
        ///
        /// - Parameter folder: every process that runs in it was started by this process or one of its children.
        static func now(folder: String) throws -> OwnProcess {
            OwnProcess(
                processes: try entries("/proc").compactMap(pid_t.init).filter { isOurs($0, folder) }.count,
                threads: try entries("/proc/self/task").count, descriptors: try entries("/proc/self/fd").count,
                kibibytes: try field("VmRSS:", of: "self") ?? 0)
        }

        /// Whether nothing is left that was not there before, apart from memory.
        func hasNoMore(than before: OwnProcess) -> Bool {
            processes <= before.processes && threads <= before.threads && descriptors <= before.descriptors
        }

        var description: String {
            "\(processes) processes, \(threads) threads, \(descriptors) descriptors, \(kibibytes / 1024) MiB"
        }

        private static func entries(_ folder: String) throws -> [String] {
            try FileManager.default.contentsOfDirectory(atPath: folder)
        }

        /// The child processes, running or not yet reaped, and every process that runs in the folder.
        private static func isOurs(_ pid: pid_t, _ folder: String) -> Bool {
            if (try? field("PPid:", of: "\(pid)")) == Int(getpid()) { return true }
            return (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(pid)/cwd")) == folder
        }

        private static func field(_ name: String, of process: String) throws -> Int? {
            let status = try String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
            let line = status.split(separator: "\n").first { $0.hasPrefix(name) }
            return line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) }
        }
    }
#endif
