import EventJSON
import Testing

/// The well-formed byte sequences of the Unicode standard's table 3-7, and sequences just outside them.
struct UTF8Tests {
    @Test(
        arguments: [
            [0xC2, 0x80], [0xDF, 0xBF], [0xE0, 0xA0, 0x80], [0xE1, 0x80, 0x80], [0xEC, 0xBF, 0xBF], [0xED, 0x80, 0x80],
            [0xED, 0x9F, 0xBF], [0xEE, 0x80, 0x80], [0xEF, 0xBF, 0xBF], [0xF0, 0x90, 0x80, 0x80],
            [0xF1, 0x80, 0x80, 0x80],
            [0xF3, 0xBF, 0xBF, 0xBF], [0xF4, 0x80, 0x80, 0x80], [0xF4, 0x8F, 0xBF, 0xBF],
        ] as [[UInt8]])
    func utf8_acceptsWellFormedSequences(sequence: [UInt8]) throws {
        // Tries every distance from the start, so that each step of the scan meets the byte.
        for padding in 0..<40 {
            let bytes = [0x22] + Array(repeating: 0x61, count: padding) + sequence + sequence + [0x62, 0x22]
            #expect(try GrammarTests.verdict(bytes) == "ok")
            #expect(
                try JSONValue(parsing: bytes).string == String(decoding: bytes.dropFirst().dropLast(), as: UTF8.self))
        }
    }

    @Test(
        arguments: [
            [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC2], [0xC2, 0x41], [0xC2, 0xC0], [0xE0, 0x80, 0x80],
            [0xE0, 0x9F, 0xBF], [0xE1, 0x80], [0xE1, 0x80, 0x41], [0xE1, 0x41, 0x80], [0xED, 0xA0, 0x80],
            [0xED, 0xBF, 0xBF],
            [0xF0, 0x80, 0x80, 0x80], [0xF0, 0x8F, 0xBF, 0xBF], [0xF0, 0x90, 0x80], [0xF0, 0x90, 0x41, 0x80],
            [0xF0, 0x90, 0x80, 0x41], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80],
            [0xF8, 0x88, 0x80, 0x80, 0x80],
            [0xFC, 0x84, 0x80, 0x80, 0x80, 0x80], [0xFE], [0xFF],
        ] as [[UInt8]])
    func utf8_rejectsOtherSequences(sequence: [UInt8]) throws {
        for padding in 0..<40 {
            let bytes = [0x22] + Array(repeating: 0x61, count: padding) + sequence
            let message = "invalid UTF-8 at byte \(1 + padding)"
            #expect(try GrammarTests.verdict(bytes + [0x22]) == message)
            #expect(try GrammarTests.verdict(bytes + Array(repeating: 0x62, count: 20) + [0x22]) == message)
            #expect(try GrammarTests.verdict(bytes) == message)
        }
    }

    @Test func specialBytes_areFoundAtEveryOffset() throws {
        for count in 0..<70 {
            let plain = Array(repeating: UInt8(0x7E), count: count)
            #expect(try JSONValue(parsing: [0x22] + plain + [0x22]).string?.utf8.count == count)
            #expect(
                try GrammarTests.verdict([0x22] + plain + [0x1F] + plain + [0x22])
                    == "unescaped control character at byte \(1 + count)")
            #expect(
                try JSONValue(parsing: [0x22] + plain + [0x5C, 0x22] + plain + [0x22]).string?.utf8.count == 2 * count
                    + 1)
            #expect(
                try GrammarTests.verdict([0x22] + plain + [0x22, 0x21])
                    == "unexpected text after the value at byte \(2 + count)")
        }
    }
}
