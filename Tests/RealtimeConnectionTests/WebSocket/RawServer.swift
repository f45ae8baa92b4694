import Foundation
import RawPeers

@testable import RealtimeConnection

#if canImport(Glibc)
    import Glibc
#endif

/// A server that writes whatever bytes it likes, to one client after the other. Its calls block.
final class RawServer: Sendable {
    /// A client that has connected.
    final class Client: Sendable {
        private let descriptor: Int32

        fileprivate init(_ descriptor: Int32) {
            self.descriptor = descriptor
            var patience = timeval(tv_sec: 20, tv_usec: 0)
            setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
            var one: Int32 = 1
            setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
        }

        deinit { Foundation.close(descriptor) }

        @discardableResult func send(_ bytes: [UInt8]) -> Bool {
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = rest.withUnsafeBytes {
                    Foundation.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
                }
                if count <= 0 { return false }
                rest = rest.dropFirst(count)
            }
            return true
        }

        @discardableResult func send(_ text: String) -> Bool { send(Array(text.utf8)) }

        /// What comes next; nil at the end, or when nothing comes.
        func receive() -> [UInt8]? {
            var bytes = [UInt8](repeating: 0, count: 65536)
            let count = recv(descriptor, &bytes, bytes.count, 0)
            return count > 0 ? Array(bytes[..<count]) : nil
        }

        /// The next bytes, so many of them; nil at the end.
        func receive(_ count: Int) -> [UInt8]? {
            var bytes = [UInt8](repeating: 0, count: count)
            return count == 0 || recv(descriptor, &bytes, count, Int32(MSG_WAITALL)) == count ? bytes : nil
        }

        /// Reads the header of a request.
        func header() -> String {
            var head: [UInt8] = []
            while !head.suffix(4).elementsEqual([0x0D, 0x0A, 0x0D, 0x0A]), let byte = receive(1) { head += byte }
            return String(decoding: head, as: UTF8.self)
        }

        /// Reads a handshake, and gives the bytes of the answer that accepts it.
        func accepted(_ fields: String = "") -> [UInt8] {
            let key = String(header().firstMatch(of: /(?i)sec-websocket-key: (\S+)/)?.1 ?? "")
            return Array(
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: \(HandshakeKey.accept(key))\r\n\(fields)\r\n"
                    .utf8)
        }

        /// Reads one frame of the client; nil at the end.
        func frame() -> (opcode: UInt8, data: [UInt8])? {
            guard let head = receive(2) else { return nil }
            var length = Int(head[1] & 0x7F)
            if length >= 126 {
                guard let more = receive(length == 126 ? 2 : 8) else { return nil }
                length = more.reduce(0) { $0 << 8 | Int($1) }
            }
            guard head[1] & 0x80 != 0, let key = receive(4), let data = receive(length) else { return nil }
            return (head[0] & 15, data.enumerated().map { $1 ^ key[$0 % 4] })
        }

        /// Makes its end a reset.
        func reset() {
            var option = linger(l_onoff: 1, l_linger: 0)
            setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
        }

        func closeOutput() { shutdown(descriptor, Int32(SHUT_WR)) }
    }

    let port: Int
    private let descriptor: Int32

    init() throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = descriptor
        let code = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, size) == 0 && listen(descriptor, 8) == 0 ? getsockname(descriptor, $0, &size) : -1
            }
        }
        guard code == 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        port = Int(UInt16(bigEndian: address.sin_port))
    }

    deinit { Foundation.close(descriptor) }

    /// Waits for a client.
    func accept() -> Client { Client(Foundation.accept(descriptor, nil, nil)) }

    var url: WebSocketURL { WebSocketURL("ws://127.0.0.1:\(port)/v1/realtime?model=m")! }
}

/// An unmasked frame.
func frame(_ opcode: UInt8, _ data: [UInt8] = [], isFinal: Bool = true) -> [UInt8] {
    var bytes = [(isFinal ? 0x80 : 0) | opcode]
    switch data.count {
    case ...125: bytes.append(UInt8(data.count))
    case ...0xFFFF: bytes += [126, UInt8(data.count >> 8), UInt8(data.count & 255)]
    default: bytes += [127] + (0..<8).reversed().map { UInt8(data.count >> (8 * $0) & 255) }
    }
    return bytes + data
}

/// An unmasked frame of text.
func frame(_ text: String) -> [UInt8] { frame(1, Array(text.utf8)) }

/// A masked frame.
func masked(_ opcode: UInt8, _ data: [UInt8] = [], isFinal: Bool = true) -> [UInt8] {
    let key: [UInt8] = [0x11, 0x22, 0x33, 0x44]
    var bytes = frame(opcode, data, isFinal: isFinal)
    bytes.removeLast(data.count)
    bytes[1] |= 0x80
    return bytes + key + data.enumerated().map { $1 ^ key[$0 % 4] }
}
