import EventRouter
import Foundation
import RealtimeEvents
import RouterTesting
import ScratchFolders
import Testing
import Transcripts

/// One file per session or day, and files of a limited size.
@Suite struct SessionFileTests {
    private func names(_ folder: ScratchFolder, _ path: String = "") throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path + "/" + path).sorted()
    }

    @Test func sessionFiles_oneForEachSession() async throws {
        let folder = try ScratchFolder()
        let file = TranscriptFile(
            path: folder.path + "/{date}/{session}.txt", format: .text, clock: ManualClock(wallStart: 1_767_225_599))
        for key in ["a", "b", "a", "../../etc/passwd", "a#2"] {
            let said = try RealtimeEvent(json: utterance("u", "user", "I am \(key)")).decode(Utterance.self)
            try await file.record(said, .done, in: RouterSession(key: key) { _ in })
        }
        await file.stop()
        let day = "2025-12-31"
        #expect(
            try names(folder, day) == [
                "------etc-passwd-2bef2c0bbbdefdfa.txt", "a-2-e649fb19048c339d.txt", "a.txt", "b.txt",
            ])
        #expect(
            try folder.read(day + "/a.txt") == "== a\n         caller  I am a\n         caller  I am a\n")
        #expect(try folder.read(day + "/b.txt") == "== b\n         caller  I am b\n")
        #expect(try folder.mode(day) == 0o700)
        #expect(try folder.mode(day + "/a.txt") == 0o600)
    }

    @Test func sessionFiles_manySessionsLoseNothing() async throws {
        let folder = try ScratchFolder()
        let file = TranscriptFile(path: folder.path + "/{session}.srt", format: .srt, clock: ManualClock())
        for round in 1...3 {
            for number in 0..<150 {
                let said = try RealtimeEvent(json: utterance("u\(round)", "user", "\(round)")).decode(Utterance.self)
                try await file.record(said, .done, in: RouterSession(key: "\(number)") { _ in })
            }
        }
        await file.stop()
        #expect(try names(folder).count == 150)
        for number in 0..<150 {
            let words = try folder.read("\(number).srt").split(separator: "\n").filter { $0.hasPrefix("Caller") }
            #expect(words == ["Caller: 1", "Caller: 2", "Caller: 3"])
        }
    }

    @Test func fullFile_isRenamedAndLinesStayWhole() async throws {
        let folder = try ScratchFolder()
        let lines = (0..<40).map { utterance("u\($0)", "user", String(repeating: "word ", count: 20)) }
        try await record(lines, to: folder.path + "/t.vtt", .vtt, maximumSize: 1200)
        let files = try names(folder)
        #expect(files == ["t.vtt", "t.vtt.1", "t.vtt.2", "t.vtt.3", "t.vtt.4", "t.vtt.5", "t.vtt.6"])
        var cues = 0
        for name in files {
            let text = try folder.read(name)
            #expect(text.utf8.count <= 1200 && text.hasPrefix("WEBVTT\n") && text.hasSuffix("\n"))
            #expect(try folder.mode(name) == 0o600)
            cues += text.split(separator: "\n").count { $0.contains(" --> ") }
        }
        #expect(cues == 80)
    }

    @Test func truncatedLine_isNotContinued() async throws {
        let folder = try ScratchFolder()
        try Data("{\"session\":\"call-1".utf8).write(to: URL(filePath: folder.path + "/t.jsonl"))
        try await record([#"{"type": "router.utterance.done", "text": "one"}"#], to: folder.path + "/t.jsonl")
        #expect(
            try folder.read("t.jsonl") == "{\"session\":\"call-1\n{\"session\":\"call-17\",\"text\":\"one\"}\n")
    }

    /// The folder also has a README and a recording with a similar name.
    @Test(arguments: [
        (TranscriptFormat.markdown, "# A project\n"), (.jsonl, #"{"type":"session.created"}"#), (.vtt, "WEBVTTX"),
    ])
    func aFileOfSomebodyElseIsNotForgotten(_ format: TranscriptFormat, _ text: String) async throws {
        let folder = try ScratchFolder()
        let path = folder.path + "/{session}.x"
        try Data(text.utf8).write(to: URL(filePath: folder.path + "/README.x"))
        try await record([utterance("u", "user", "Hi")], to: path, format)
        for _ in 1...2 {
            #expect(try TranscriptFile(path: path, format: format).forget(session: "README") == 0)
            #expect(try TranscriptFile(path: path, format: format).forget(before: 1e11) <= 1)
        }
        #expect(try names(folder) == ["README.x"])
    }

    @Test func symbolicLink_isNotFollowed() async throws {
        let folder = try ScratchFolder()
        let link = folder.path + "/call-17.txt"
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: folder.path + "/elsewhere")
        let error = await #expect(throws: FileFailure.self) {
            try await record([utterance("u", "user", "Hi")], to: folder.path + "/{session}.txt", .text)
        }
        #expect(error?.description == "cannot write \(link): it is a symbolic link, which is not followed")
        #expect(try names(folder) == ["call-17.txt"])
    }
}
