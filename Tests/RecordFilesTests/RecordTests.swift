import Foundation
import RecordFiles
import ScratchFolders
import Testing

/// Records are forgotten in place, and other records remain.
@Suite struct RecordTests {
    private let scratch: ScratchFolder
    private var folder: String { scratch.path }

    init() throws { scratch = try ScratchFolder() }

    @Test func forget_overwritesASession() throws {
        let lines = ["a", "b", "a#2", "ab", "a#x", "a"].map {
            #"{"session":"\#($0)","time":"2026-01-01T00:00:00.000Z","text":"hello"}"#
        }
        let path = try scratch.write(lines.joined(separator: "\n") + "\nno json {\"session\":\"a\"", to: "t.jsonl")
        try scratch.write(#"{"text":"\n","session":"a"}"# + "\n{\"session\":\"a\"}\n", to: "t.jsonl.1")
        try scratch.write(#"{"session":"a"}"#, to: "t.jsonl.x")
        let writer = LineFile(path: path)
        try writer.open()
        #expect(try RecordLines(path: path).forget(session: "a") == 5)
        try writer.write(Array(#"{"session":"c"}"#.utf8))
        let text = try scratch.read("t.jsonl")
        let left = text.split(separator: "\n")
        #expect(text.utf8.count == lines.joined(separator: "\n").utf8.count + 1 + 22 + 1 + 16)
        #expect(
            left.map { $0.hasPrefix(#"{"forgotten":true"#) } == [true, false, true, false, false, true, false, false])
        for line in left where line.hasPrefix("{\"forgotten") {
            #expect(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Bool] == ["forgotten": true])
        }
        #expect(try scratch.read("t.jsonl.1").split(separator: "\n").map { $0.contains("session") } == [false, false])
        #expect(try scratch.read("t.jsonl.x") == #"{"session":"a"}"#)
        #expect(try RecordLines(path: path).forget(session: "a") == 0)
    }

    @Test func forget_overwritesOldRecords() throws {
        let times = ["2025-12-31T23:59:59.999Z", "2026-01-01T00:00:00.000Z", ""]
        let lines = times.map { #"{"session":"a","time":"\#($0)","n":"012345"}"# }
        let path = try scratch.write(
            (lines + [#"{"time":"2020","of":"others"}"#]).map { $0 + "\n" }.joined(), to: "t.jsonl")
        #expect(try RecordLines(path: path).forget(before: 1_767_225_600) == 1)
        #expect(
            try scratch.read("t.jsonl").split(separator: "\n").map { $0.contains("time") } == [false, true, true, true])
    }

    @Test func filePattern_findsFilesOfAPath() throws {
        let names = [
            "2026-01-01-a.vtt", "2026-01-02-a.vtt", "2026-01-02-a.vtt.1", "2026-01-02-b.vtt", "x-a.vtt",
            "2026-01-02-a.vtt.bak",
        ]
        for name in names { try scratch.write("", to: name) }
        try FileManager.default.createSymbolicLink(
            atPath: folder + "/2026-01-03-a.vtt", withDestinationPath: folder + "/x-a.vtt")
        let path = folder + "/{date}-{session}.vtt"
        #expect(try FilePattern(path, of: SessionFamily("a")).files() == names[0...2].map { folder + "/" + $0 })
        #expect(try FilePattern(path).files() == names[0...3].map { folder + "/" + $0 })
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSince1970: 1_000_000)], ofItemAtPath: folder + "/" + names[0])
        #expect(try FilePattern(path).remove(unwrittenSince: 2_000_000) == 1)
        #expect(try FilePattern(path, of: SessionFamily("a")).remove() == 2)
        #expect(try FilePattern(path).files() == [folder + "/" + names[3]])
        #expect(try FilePattern(folder + "/[*?].vtt").files() == [])
        #expect(try FilePattern(folder + "/none/{session}.vtt").files() == [])
    }

    /// A power failure leaves an incomplete line, and a dead letter may be nested deeper than the parser's limit.
    @Test(arguments: [
        (#"{"session":"a","session_id":"x","text":"hel"#, true), (#"{"session":"a","te"#, true),
        (#"{"session":"b","text":"a, b, {\"session\":\"a\",""#, false), (#"{"session":"a"#, false),
        (
            #"{"session":"a","event":"# + String(repeating: "[", count: 600) + String(repeating: "]", count: 600) + "}",
            true
        ),
    ])
    func forget_readsTheBeginningOfInvalidLines(_ line: String, _ isForgotten: Bool) throws {
        let whole = #"{"session":"b","time":"2026-01-01T00:00:00.000Z"}"#
        let path = try scratch.write(line + "\n" + whole + "\n" + line, to: "t.jsonl")
        #expect(try RecordLines(path: path).forget(session: "a") == (isForgotten ? 2 : 0))
        let left = try scratch.read("t.jsonl").split(separator: "\n")
        #expect(left.map { $0.hasPrefix(#"{"forgotten":true"#) } == [isForgotten, false, isForgotten])
        #expect(left[1] == whole)
    }

    @Test func forget_includesFilesRenamedMeanwhile() throws {
        let (mine, other) = (Array(#"{"session":"a"}"#.utf8), Array(#"{"session":"b","text":"0123456789"}"#.utf8))
        for round in 0..<100 {
            let path = folder + "/\(round).jsonl"
            let writer = LineFile(path: path, header: [], maximumSize: 60)
            try writer.open()
            for _ in 0..<8 { try writer.write(mine) }
            let thread = Thread { for _ in 0..<20 { writer.append(other) } }
            thread.start()
            _ = try RecordLines(path: path).forget(session: "a")
            while !thread.isFinished { usleep(100) }
            let files = try FilePattern(path).files()
            let texts = try files.map { try String(contentsOfFile: $0, encoding: .utf8) }
            #expect(texts.joined().components(separatedBy: #""b""#).count == 21)
            #expect(!texts.joined().contains(#""a""#))
        }
    }

    @Test func sessionFamily_mayHaveManySessions() throws {
        let template = folder + "/{date}/{session}/{session}.vtt"
        let keys = ["a", "a#2", "a#101", "a#4000", "a#x", "a#", "ab", "a-101", "b#2"]
        for key in keys {
            let path = template.replacing("{date}", with: "2026-01-02").replacing(
                "{session}", with: SafeFileName(key).description)
            let file = LineFile(path: path, header: [], maximumSize: 20)
            try file.open()
            for _ in 0..<2 { try file.write(Array("0123456789".utf8)) }
        }
        #expect(try FilePattern(template).files().count == 2 * keys.count)
        #expect(try FilePattern(template, of: SessionFamily("a")).remove() == 8)
        #expect(try FilePattern(template).files().count == 2 * (keys.count - 4))
    }

    /// A folder that cannot be read must not count as having no records.
    @Test func filePattern_throwsForUnreadableFolders() throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(
            atPath: folder + "/loop", withDestinationPath: folder + "/loop")
        let error = #expect(throws: FileFailure.self) {
            try RecordLines(path: folder + "/loop/t.jsonl").forget(session: "a")
        }
        #expect(
            error?.description
                == "cannot look for \(folder)/loop/t.jsonl.*: Too many levels of symbolic links")
    }
}
