import RecordFiles
import ScratchFolders
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

@Suite struct FileTests {
    @Test func file_isPrivateAndAppended() throws {
        let folder = try ScratchFolder()
        for line in ["one", "two"] {
            let file = LineFile(path: folder.path + "/a/b/lines.jsonl")
            try file.open()
            try file.write(Array(line.utf8))
            file.close()
        }
        #expect(try folder.read("a/b/lines.jsonl") == "one\ntwo\n")
        #expect(try folder.mode("a/b/lines.jsonl") == 0o600)
        #expect(try folder.mode("a") == 0o700)
        #expect(try folder.mode("a/b") == 0o700)
    }

    @Test func link_isNotFollowed() throws {
        let folder = try ScratchFolder()
        symlink(folder.path + "/target", folder.path + "/link")
        let error = #expect(throws: FileFailure.self) { try LineFile(path: folder.path + "/link").open() }
        #expect(
            error?.description
                == "cannot write \(folder.path)/link: it is a symbolic link, which is not followed")
    }

    @Test func removedFile_isCreatedAgain() throws {
        let folder = try ScratchFolder()
        let path = folder.path + "/lines"
        let file = LineFile(path: path, header: Array("head".utf8), maximumSize: .max)
        let forgotten = LineFile(path: path + ".own", header: [], maximumSize: .max, isRenewed: false)
        for file in [file, forgotten] { try file.open() }
        try file.write(Array("one".utf8))
        #expect(unlink(path) == 0 && unlink(path + ".own") == 0)
        for file in [file, forgotten] { try file.write(Array("two".utf8)) }
        #expect(try folder.read("lines") == "head\ntwo\n")
        #expect(folder.text("lines.own") == nil)
        #expect(try folder.mode("lines") == 0o600)
    }

    @Test func newFile_isRetriedIfItCannotBeCreated() throws {
        let folder = try ScratchFolder()
        let path = folder.path + "/lines"
        let file = LineFile(path: path)
        try file.open()
        #expect(unlink(path) == 0 && symlink(folder.path + "/target", path) == 0)
        #expect(throws: FileFailure.self) { try file.write(Array("one".utf8)) }
        #expect(unlink(path) == 0)
        try file.write(Array("two".utf8))
        #expect(try folder.read("lines") == "two\n")
        file.close()
        #expect(throws: FileFailure.self) { try file.write(Array("three".utf8)) }
    }

    @Test func closedFile_countsItsLines() throws {
        let file = LineFile(path: "nowhere")
        file.append([1])
        file.append([2])
        #expect(file.unwritten?.records == 2 && file.unwritten?.error == "it is not open")
        let records = UnwrittenRecords()
        file.reportUnwritten(to: records)
        #expect(records.files.map(\.path) == ["nowhere"] && records.files.first?.records == 2)
    }

    @Test(arguments: [
        (0, "1970-01-01T00:00:00.000Z"), (951_782_399.25, "2000-02-28T23:59:59.250Z"),
        (951_782_400, "2000-02-29T00:00:00.000Z"), (1_709_251_199.999, "2024-02-29T23:59:59.999Z"),
        (4_107_542_400, "2100-03-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.000Z"),
    ])
    func timestamp_parsesAndFormats(_ unix: Double, _ text: String) {
        #expect(Timestamp(unix: unix).description == text)
    }
}
