import ConfigSource
import Testing

@Suite struct SourceFileTests {
    @Test(arguments: ["\n", "\r\n", "\r"])
    func lineEnds_ofThreeKinds(_ end: String) {
        let file = SourceFile(path: "f", text: ["one", "", "three", ""].joined(separator: end))
        #expect(file.lineCount == 4)
        #expect((0...5).map(file.text(ofLine:)) == ["", "one", "", "three", "", ""])
    }

    @Test func byteOrderMark_belongsToNoLine() {
        let file = SourceFile(path: "f", text: "\u{FEFF}ab\ncd")
        #expect(file.text(ofLine: 1) == "ab")
        #expect(file.location(ofByte: 4) == SourceLocation(line: 1, column: 2))
        #expect(file.location(ofScalar: 4) == SourceLocation(line: 2, column: 2))
        #expect(file.location(ofByte: 0) == SourceLocation(line: 1, column: 1))
    }

    @Test func column_countsScalars() {
        let file = SourceFile(path: "f", text: "x\né😀e\u{301}!")
        #expect(file.location(ofByte: 2 + 2 + 4 + 3) == SourceLocation(line: 2, column: 5))
        #expect(file.location(ofScalar: 6) == SourceLocation(line: 2, column: 5))
        #expect(file.byteOffset(of: SourceLocation(line: 2, column: 5)) == 11)
        #expect(file.byteOffset(of: SourceLocation(line: 2, column: 99)) == 12)
    }

    @Test func invalidUTF8_isReplaced() {
        #expect(SourceFile(path: "f", bytes: [0x61, 0xFF, 0x62]).text(ofLine: 1) == "a\u{FFFD}b")
    }

    @Test func emptyFile_hasOneLine() {
        #expect(SourceFile(path: "f", bytes: []).lineCount == 1)
        #expect(SourceFile(path: "f", bytes: []).location(ofByte: 0) == SourceLocation(line: 1, column: 1))
    }
}
