import Foundation

/// What the system tells of processes.
enum ProcessTable {
    /// Whether nothing runs under that number any more.
    ///
    /// The dead that nobody has reaped yet still answer to `kill`, and where process 1 reaps nobody they do so for ever.
    static func isGone(_ pid: pid_t) -> Bool {
        if kill(pid, 0) == -1 && errno == ESRCH { return true }
        guard let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
            let name = stat.lastIndex(of: ")")
        else { return false }
        let state = stat[name...].dropFirst(2).first
        return state == "Z" || state == "X"
    }

    /// Whether no signal waits for the process to take it; so it is where the system does not tell.
    static func hasNoneWaiting(_ pid: pid_t) -> Bool {
        guard let status = try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8) else { return true }
        return status.contains("ShdPnd:\t0000000000000000")
    }

    /// How long a process has kept a processor busy so far.
    static func processorTime(of pid: pid_t) throws -> Duration {
        let stat = try String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)
        let fields = stat[(stat.lastIndex(of: ")") ?? stat.startIndex)...].split(separator: " ")
        let ticks = fields[12...13].compactMap { Int($0) }.reduce(0, +)
        return .seconds(ticks) / Int(sysconf(Int32(_SC_CLK_TCK)))
    }

    /// How many descriptors a process has open; nil where the system does not tell.
    static func descriptorCount(of pid: pid_t) -> Int? {
        try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/fd").count
    }
}

/// A pipe with a name: what a test writes into it a program reads as it comes.
final class NamedPipe: Sendable {
    let path: String
    private let descriptor: Int32

    init(in place: Workplace, _ name: String = "pipe") throws {
        path = "\(place.logs)/\(name)"
        // For reading too, so that opening does not wait for the program.
        guard mkfifo(path, 0o600) == 0 else { throw CocoaError(.fileWriteUnknown) }
        descriptor = open(path, O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else { throw CocoaError(.fileWriteUnknown) }
    }

    func write(_ text: String) throws {
        try FileHandle(fileDescriptor: descriptor, closeOnDealloc: false).write(contentsOf: Data(text.utf8))
    }

    /// The program that reads finds the end, once it has read everything.
    func end() { close(descriptor) }
}
