import Foundation

/// Both ends of a terminal: the path for the program, and the descriptor for the test.
final class PseudoTerminal: Sendable {
    let path: String
    private let descriptor: CInt
    /// Keeps the terminal open while no program uses it.
    private let other: CInt

    init() throws {
        var ends: (test: CInt, program: CInt) = (-1, -1)
        // Not `ttyname`: its result is in memory shared by all threads.
        var name = [CChar](repeating: 0, count: 128)
        guard openpty(&ends.test, &ends.program, nil, nil, nil) == 0,
            ttyname_r(ends.program, &name, name.count) == 0
        else { throw POSIXError(.init(rawValue: errno) ?? .EIO) }
        (descriptor, other) = ends
        path = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        close(descriptor)
        close(other)
    }

    func type(_ text: String) { _ = write(descriptor, text, text.utf8.count) }

    /// Reads what the program writes, up to an ending.
    func read(until ending: String) async -> String {
        var bytes: [UInt8] = []
        _ = await soon {
            var byte: UInt8 = 0
            var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            while poll(&waiting, 1, 0) > 0, waiting.revents & Int16(POLLIN) != 0,
                Foundation.read(descriptor, &byte, 1) == 1
            {
                bytes.append(byte)
            }
            return String(decoding: bytes, as: UTF8.self).hasSuffix(ending)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
