import Foundation
import Testing

/// A pseudo-terminal: programs write to `path`, and a test reads what they wrote.
final class PseudoTerminal: Sendable {
    let path: String
    private let ours: Int32
    private let theirs: Int32
    private let reading: Task<Data, Never>

    init(columns: UInt16, rows: UInt16) throws {
        let ours = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
        try #require(ours >= 0)
        path = try Self.unlocked(ours)
        // Keeps the terminal open after a program closes it.
        theirs = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC)
        try #require(theirs >= 0)
        var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
        try #require(ioctl(ours, UInt(TIOCSWINSZ), &size) == 0)
        self.ours = ours
        reading = Task {
            await withCheckedContinuation { done in
                Thread.detachNewThread { done.resume(returning: Self.readAll(ours)) }
            }
        }
    }

    deinit { close(ours) }

    /// Returns the output after the programs have ended, and closes the terminal.
    func written() async -> String {
        close(theirs)
        return String(decoding: await reading.value, as: UTF8.self)
    }

    /// The path of the side that programs write to.
    private static func unlocked(_ descriptor: Int32) throws -> String {
        #if canImport(Darwin)
            try #require(grantpt(descriptor) == 0 && unlockpt(descriptor) == 0)
            return String(cString: try #require(ptsname(descriptor)))
        #else
            // What unlockpt and ptsname do, which Glibc does not show to Swift: TIOCSPTLCK and TIOCGPTN.
            var (isLocked, number) = (Int32(0), UInt32(0))
            try #require(ioctl(descriptor, 0x4004_5431, &isLocked) == 0 && ioctl(descriptor, 0x8004_5430, &number) == 0)
            return "/dev/pts/\(number)"
        #endif
    }

    private static func readAll(_ descriptor: Int32) -> Data {
        var data = Data()
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count > 0 {
                data.append(contentsOf: buffer[..<count])
            } else if count == 0 || errno != EINTR {
                return data
            }
        }
    }
}

/// The contents of a terminal: interprets text, line ends, the two codes for redrawing, and colours.
struct TerminalScreen {
    /// The rows as a person sees them, without blanks at their ends. Nothing scrolls away.
    var rows: [String] { cells.map { row in String(row.compactMap(\.self)).trimmingSuffix(" ") } }
    /// Codes that it does not know.
    private(set) var unknown: [String] = []

    private let columns: Int
    /// Nil is the right half of a wide character.
    private var cells: [[Character?]] = [[]]
    private var (row, column) = (0, 0)
    private var code: String?

    init(columns: Int) { self.columns = columns }

    mutating func take(_ scalar: Unicode.Scalar) {
        if var code {
            code.unicodeScalars.append(scalar)
            self.code = code
            if code.count > 1, scalar.properties.isAlphabetic { obey(code) }
            return
        }
        switch scalar {
        case "\u{1B}": code = ""
        case "\r": column = 0
        case "\n": moveDown()
        default: put(Character(scalar), isWide(scalar) ? 2 : 1)
        }
    }

    private mutating func obey(_ code: String) {
        self.code = nil
        let number = Int(code.dropFirst().dropLast()) ?? 1
        switch code.last {
        case "A": row = max(0, row - number)
        case "J":
            cells.removeSubrange((row + 1)...)
            cells[row].removeSubrange(min(column, cells[row].count)...)
        case "m": break
        default: unknown.append(code)
        }
    }

    private mutating func put(_ character: Character, _ width: Int) {
        if column + width > columns {
            column = 0
            moveDown()
        }
        while cells[row].count < column + width { cells[row].append(" ") }
        cells[row][column] = character
        if width == 2 { cells[row][column + 1] = nil }
        column += width
    }

    private mutating func moveDown() {
        row += 1
        if row == cells.count { cells.append([]) }
    }

    /// The wide ones among those that the tests write.
    private func isWide(_ scalar: Unicode.Scalar) -> Bool {
        (0x3000...0x9FFF).contains(scalar.value) || scalar.properties.isEmojiPresentation
    }
}

extension String {
    fileprivate func trimmingSuffix(_ character: Character) -> String {
        var text = self
        while text.last == character { text.removeLast() }
        return text
    }
}
