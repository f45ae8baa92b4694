import EventRouter
import Foundation
import RealtimeEvents
import RouterTesting
import ScratchFolders
import Testing

/// Recorded sessions in files, folders and patterns.
@Suite(.timeLimit(.minutes(2))) struct FileSourceTests {
    private let folder: ScratchFolder

    init() throws {
        folder = try ScratchFolder()
        for name in ["a", "b"] {
            try FileManager.default.createDirectory(
                atPath: "\(folder.path)/\(name)", withIntermediateDirectories: false)
        }
    }

    private func path(_ name: String) -> String { "\(folder.path)/\(name)" }

    private func write(_ name: String, _ lines: String...) throws {
        try folder.write(lines.map { $0 + "\n" }.joined(), to: name)
    }

    /// The sessions of a source in order, as `KEY events`.
    private func sessions(of source: some SessionSource, _ handler: any EventHandler = MemoryHandler()) async throws
        -> RunReport
    {
        let router = Router(
            try RouteTable(
                handlers: [HandlerBinding("h", handler)],
                routes: [Route("all", match: try pattern(#"{"type": ["ping"]}"#), to: ["h"])]))
        try await router.start()
        let report = try await router.run(source)
        await router.stop()
        return report
    }

    private func keys(_ report: RunReport) -> [String] { report.parts.map { $0.session ?? "" } }

    @Test("Files with the same name in different folders get different keys, in the order of the files")
    func sameName_getsANumber() async throws {
        try write("a/call.jsonl", #"{"type": "ping"}"#)
        try write("b/call.jsonl", #"{"type": "ping"}"#, #"{"type": "ping"}"#)
        try write("b/other.jsonl", #"{"recording": 1, "session": "call"}"#, #"{"type": "ping"}"#)
        let paths = ["b", "a/call.jsonl"].map(path)
        let report = try await sessions(of: FileSource(paths: paths, concurrentSessions: 1))
        #expect(report.parts.map { "\($0.session ?? "") \($0.events)" } == ["call 2", "call#2 1", "call#3 1"])
        #expect(report.sessions == 3 && report.failures.isEmpty)
    }

    @Test("A folder yields its .jsonl files, a pattern its matches, and each file occurs once")
    func foldersAndPatterns() throws {
        for name in ["a/2.jsonl", "a/1.jsonl", "a/notes.txt", "a/.hidden.jsonl", "b/3.jsonl", "[x].jsonl"] {
            try write(name, "{}")
        }
        func files(_ paths: String...) throws -> [String] {
            try FileSource(paths: paths.map(path)).files().map { String($0.dropFirst(folder.path.count + 1)) }
        }
        #expect(try files("a") == ["a/1.jsonl", "a/2.jsonl"])
        #expect(try files("b/", "a/*.jsonl", "a") == ["b/3.jsonl", "a/1.jsonl", "a/2.jsonl"])
        #expect(try files("?/[23].*") == ["a/2.jsonl", "b/3.jsonl"])
        #expect(try files("[ab]") == ["a/1.jsonl", "a/2.jsonl", "b/3.jsonl"])
        #expect(try files("[x].jsonl", "a/notes.txt") == ["[x].jsonl", "a/notes.txt"])
        try FileManager.default.createSymbolicLink(atPath: path("b/link.jsonl"), withDestinationPath: "../a/1.jsonl")
        #expect(try files("a", "b/../a", "b/link.jsonl", "a/./1.jsonl") == ["a/1.jsonl", "a/2.jsonl"])
    }

    @Test(
        "A path that matches nothing is an error with the path",
        arguments: [
            ("gone.jsonl", "No such file or directory"), ("a/*.jsonl", "no file matches this pattern"),
            ("a", "no file in this folder ends in .jsonl"),
        ])
    func nothing_isAnError(_ name: String, _ reason: String) async throws {
        try write("call.jsonl", #"{"type": "ping"}"#)
        let error = await #expect(throws: FileFailure.self) {
            try await sessions(of: FileSource(paths: [path("call.jsonl"), path(name)]))
        }
        #expect(error?.description == "cannot read \(path(name)): \(reason)")
    }

    @Test("A file that cannot be read does not stop the others")
    func unreadableFile_stopsNoOther() async throws {
        try write("a/1.jsonl", #"{"type": "ping"}"#)
        try write("a/3.jsonl", #"{"type": "ping"}"#)
        try FileManager.default.createSymbolicLink(atPath: path("a/2.jsonl"), withDestinationPath: "gone")
        let report = try await sessions(of: FileSource(paths: [path("a/*")], concurrentSessions: 1))
        #expect(keys(report) == ["1", "3"])
        #expect(report.failures.map { "\($0)" } == ["cannot read \(path("a/2.jsonl")): No such file or directory"])
    }

    @Test("The source limits the number of files that are read at a time")
    func concurrentSessions_areSoMany() async throws {
        for name in ["1", "2", "3"] { try write("a/\(name).jsonl", #"{"type": "ping", "event_id": "\#(name)"}"#) }
        let turnstile = Turnstile(3)
        let running = Task {
            try await sessions(of: FileSource(paths: [path("a")], concurrentSessions: 2), turnstile)
        }
        #expect(Set(await turnstile.begun.wait(for: 2)) == ["1", "2"])
        await turnstile.pass("2")
        // The third one begins when one of the first two has ended.
        #expect(await turnstile.begun.wait(for: 3).last == "3")
        #expect(turnstile.done.elements == ["2"])
        await turnstile.pass("1")
        await turnstile.pass("3")
        #expect(try await running.value.events == 3)
    }
}
