import Foundation

/// A client that writes whatever bytes it likes. Its calls block until its patience ends.
package final class RawPeer: Sendable {
    private let descriptor: Int32

    package init(_ port: UInt16, patience: Duration = .seconds(120)) throws {
        #if canImport(Glibc)
            descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        #else
            descriptor = socket(AF_INET, SOCK_STREAM, 0)
        #endif
        let (seconds, attoseconds) = patience.components
        var patience = timeval(tv_sec: Int(seconds), tv_usec: Int(attoseconds / 1_000_000_000_000))
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            setsockopt(descriptor, SOL_SOCKET, option, &patience, socklen_t(MemoryLayout<timeval>.size))
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let code = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard code == 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
    }

    deinit { close(descriptor) }

    /// Sends all of a text; false when the server does not take it any more.
    @discardableResult package func send(_ text: String) -> Bool { send(Array(text.utf8)) }

    /// Sends all of some bytes; false when the server does not take them any more.
    @discardableResult package func send(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        #if canImport(Glibc)
            let flags = Int32(MSG_NOSIGNAL)
        #else
            let flags: Int32 = 0
        #endif
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Foundation.send(descriptor, $0.baseAddress, $0.count, flags) }
            if count <= 0 { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    /// Sends a piece again and again until the server closes; how many bytes it took, or nil when it took them all.
    package func flood(_ piece: String, limit: Int = 256 << 20) -> Int? {
        let piece = String(repeating: piece, count: max(1, 16384 / piece.utf8.count))
        var sent = 0
        while sent < limit {
            if !send(piece) { return sent }
            sent += piece.utf8.count
        }
        return nil
    }

    /// What comes next; nil at the end, after a reset, or when nothing comes.
    package func receive() -> String? {
        var bytes = [UInt8](repeating: 0, count: 65536)
        let count = recv(descriptor, &bytes, bytes.count, 0)
        return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : nil
    }

    /// All that comes until the server closes.
    package func receiveAll() -> String {
        var text = ""
        while let more = receive() { text += more }
        return text
    }

    /// The next answer, by its Content-Length; nil when the server closes before its end.
    ///
    /// - Parameter hasBody: false for the answer to HEAD.
    package func answer(hasBody: Bool = true) -> Answer? {
        var head: [UInt8] = []
        while !head.suffix(4).elementsEqual([0x0D, 0x0A, 0x0D, 0x0A]) {
            guard let byte = bytes(1) else { return nil }
            head += byte
        }
        let text = String(decoding: head.dropLast(4), as: UTF8.self)
        let length = Int(text.firstMatch(of: /(?i)content-length: ([0-9]+)/)?.1 ?? "0") ?? 0
        guard let body = bytes(hasBody ? length : 0) else { return nil }
        return Answer(head: text, body: String(decoding: body, as: UTF8.self))
    }

    /// The next bytes, so many of them.
    private func bytes(_ count: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        return count == 0 || recv(descriptor, &bytes, count, Int32(MSG_WAITALL)) == count ? bytes : nil
    }

    /// Sends a request and waits for its answer.
    package func ask(_ request: String) -> Answer? {
        send(request)
        return answer()
    }

    /// Whether something of an answer is there already.
    package var hasAnswer: Bool {
        var byte: UInt8 = 0
        return recv(descriptor, &byte, 1, Int32(MSG_PEEK | MSG_DONTWAIT)) > 0
    }

    /// Makes its end a reset.
    package func reset() {
        var option = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
    }

    /// Says that it sends no more.
    package func closeOutput() { shutdown(descriptor, Int32(SHUT_WR)) }
}

/// An answer as it came.
package struct Answer: Equatable, Sendable {
    /// The status line and the fields.
    package let head: String
    package let body: String

    package var status: Int? { head.split(separator: " ").dropFirst().first.flatMap { Int($0) } }
}

/// Runs what blocks on a thread that nobody else needs.
package func blocking<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { done in
        Thread.detachNewThread { done.resume(with: Result { try body() }) }
    }
}
