import Foundation

/// Information about processes from the system.
enum ProcessTable {
    /// Whether no process with this number runs any more.
    ///
    /// A zombie still exists for `kill`; if process 1 does not reap it, it stays for ever.
    static func isGone(_ pid: pid_t) -> Bool {
        if kill(pid, 0) == -1 && errno == ESRCH { return true }
        guard let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
            let name = stat.lastIndex(of: ")")
        else { return false }
        let state = stat[name...].dropFirst(2).first
        return state == "Z" || state == "X"
    }

    /// Whether the process has no pending signal; true if the system does not tell.
    static func hasNoneWaiting(_ pid: pid_t) -> Bool {
        guard let status = try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8) else { return true }
        return status.contains("ShdPnd:\t0000000000000000")
    }

    /// The processor time of a process.
    static func processorTime(of pid: pid_t) throws -> Duration {
        let stat = try String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)
        let fields = stat[(stat.lastIndex(of: ")") ?? stat.startIndex)...].split(separator: " ")
        let ticks = fields[12...13].compactMap { Int($0) }.reduce(0, +)
        return .seconds(ticks) / Int(sysconf(Int32(_SC_CLK_TCK)))
    }

    /// The number of open descriptors of a process; nil if the system does not tell.
    static func descriptorCount(of pid: pid_t) -> Int? {
        try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/fd").count
    }
}

/// A named pipe through which a test sends input to a program.
final class NamedPipe: Sendable {
    let path: String
    private let descriptor: Int32

    init(in place: Workplace, _ name: String = "pipe") throws {
        path = "\(place.logs)/\(name)"
        // Also open for reading, so that opening does not wait for the program.
        guard mkfifo(path, 0o600) == 0 else { throw CocoaError(.fileWriteUnknown) }
        descriptor = open(path, O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else { throw CocoaError(.fileWriteUnknown) }
    }

    func write(_ text: String) throws {
        try FileHandle(fileDescriptor: descriptor, closeOnDealloc: false).write(contentsOf: Data(text.utf8))
    }

    /// Ends the program's input after everything has been read.
    func end() { close(descriptor) }
}
