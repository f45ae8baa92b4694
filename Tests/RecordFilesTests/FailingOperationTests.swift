import FailingFiles
import RecordFiles
import ScratchFolders
import Testing

/// Each file operation fails once at each call. Acknowledged lines must exist, and failures must be reported.
@Suite struct FailingOperationTests {
    /// The result of writing lines while an operation fails.
    private struct Story {
        var acknowledged: [String] = []
        /// Whether an error was thrown.
        var isReported = false

        /// Runs code that may throw.
        mutating func attempt(_ line: String? = nil, _ body: () throws -> Void) {
            do {
                try body()
                if let line { acknowledged.append(line) }
            } catch {
                isReported = true
            }
        }
    }

    /// Lets each operation of a script fail in turn.
    ///
    /// - Returns: The operations whose failure was not reported.
    private func silentFailures(
        _ failure: FailingFiles.Failure, _ script: (_ path: String, FailingFiles, inout Story) -> LineFile
    ) throws -> Set<String> {
        var silent: Set<String> = []
        for number in 1... {
            let folder = try ScratchFolder()
            let operations = FailingFiles(failing: number, failure)
            var story = Story()
            let file = script("\(folder.path)/calls/calls.jsonl", operations, &story)
            guard let failed = operations.failed.first else {
                // The script has no more operations.
                #expect(number > 10 && !story.isReported)
                break
            }
            let lines = files(in: folder).flatMap { folder.lines($0) }
                .map { $0.drop { $0 == " " } }.filter { $0.hasPrefix("{") && $0.hasSuffix("}") }.map(String.init)
            #expect(lines.filter { $0 != Self.header } == story.acknowledged, "\(failed) \(number)")
            // When the disk works again, no file may keep two names, because its lines would be read twice.
            if failure != .forGood { #expect(files(in: folder) == names(in: folder), "\(failed) \(number)") }
            let isCounted = file.unwritten.map { $0.records > 0 } ?? false
            if !story.isReported, !isCounted { silent.insert(failed) }
        }
        return silent
    }

    /// The names of the line files, the oldest first.
    private func names(in folder: ScratchFolder) -> [String] {
        let archives = (1...9).map { "calls/calls.jsonl.\($0)" }
        return (archives + ["calls/calls.jsonl"]).filter { folder.fileNumber($0) != nil }
    }

    /// The names of the line files. If a file has two names, because its renaming was interrupted, only the first.
    private func files(in folder: ScratchFolder) -> [String] {
        var seen: Set<Int?> = []
        return names(in: folder).filter { seen.insert(folder.fileNumber($0)).inserted }
    }

    private static let header = #"{"recording":1}"#

    private static func line(_ number: Int) -> String { #"{"line":\#(number)}"# }

    @Test("A locked file that is moved aside", arguments: FailingFiles.Failure.allCases)
    func exclusiveFile_failedOperation(failure: FailingFiles.Failure) throws {
        let silent = try silentFailures(failure) { path, files, story in
            let file = LineFile(path: path, isExclusive: true, by: files)
            story.attempt { try file.open() }
            for number in 1...3 { story.attempt(Self.line(number)) { try file.write(Array(Self.line(number).utf8)) } }
            story.attempt { try file.moveAside(to: path + ".1") }
            for number in 4...5 { story.attempt(Self.line(number)) { try file.write(Array(Self.line(number).utf8)) } }
            file.close()
            return file
        }
        #expect(silent.sorted() == (failure == .forGood ? [] : ["remove", "unlock"]))
    }

    @Test(
        "A file that several write to and that is begun anew when it is full", arguments: FailingFiles.Failure.allCases)
    func sharedFile_failedOperation(failure: FailingFiles.Failure) throws {
        let silent = try silentFailures(failure) { path, files, story in
            let file = LineFile(path: path, header: Array(Self.header.utf8), maximumSize: 45, by: files)
            story.attempt { try file.open() }
            for number in 1...6 { story.attempt(Self.line(number)) { try file.write(Array(Self.line(number).utf8)) } }
            file.close()
            return file
        }
        #expect(silent == [])
    }

    @Test("A replaced file contains the old bytes or the new ones", arguments: FailingFiles.Failure.allCases)
    func wholeFile_failedOperation(failure: FailingFiles.Failure) throws {
        var silent: Set<String> = []
        for number in 1... {
            let folder = try ScratchFolder()
            let path = try folder.write("old", to: "figures")
            let files = FailingFiles(failing: number, failure)
            var isReported = false
            do { try WholeFile(path: path, by: files).writePrivately(Array("new".utf8)) } catch { isReported = true }
            guard let failed = files.failed.first else {
                #expect(number > 5 && !isReported)
                break
            }
            #expect(folder.text("figures") == (isReported ? "old" : "new"))
            if !isReported { silent.insert(failed) }
        }
        #expect(silent == (failure == .forGood ? [] : ["remove"]))
    }
}
