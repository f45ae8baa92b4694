import ConfigSource

/// What a worker says beside its answers: standard error, and lines that answer nothing. The end of it is kept.
struct WorkerTrouble {
    private static let limit = 4 * 1024
    private var bytes: [UInt8] = []

    mutating func append(_ more: [UInt8]) {
        bytes += more.suffix(Self.limit)
        // Cut only now and then: every byte is moved at most once more.
        if bytes.count > 2 * Self.limit { bytes.removeFirst(bytes.count - Self.limit) }
    }

    /// A line of the router's own.
    mutating func note(_ text: String) {
        if let last = bytes.last, last != 0x0A { bytes.append(0x0A) }
        append(Array("router: the worker wrote \(text)\n".utf8))
    }

    mutating func note(notAnAnswer line: [UInt8]) {
        note("a line that is no answer: \(quoted(String(decoding: line.prefix(256), as: UTF8.self).cut(to: 60)))")
    }

    /// All of it, without white space around it; nil when there is nothing. From now on it is empty.
    mutating func take() -> String? {
        defer { bytes = [] }
        let text = CommandExecutor.trimmed(Array(bytes.suffix(Self.limit)))
        return text.isEmpty ? nil : text
    }
}
