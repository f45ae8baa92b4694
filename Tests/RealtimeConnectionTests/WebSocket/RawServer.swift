import Foundation
import RawPeers

@testable import RealtimeConnection

extension RawServer.Client {
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
}

extension RawServer {
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
