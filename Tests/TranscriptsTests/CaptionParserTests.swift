import Foundation
import ScratchFolders
import Testing
import Transcripts

/// Captions are read by other parsers: `webvtt-py` and `srt` for Python.
@Suite struct CaptionParserTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()

    /// A Python with both modules: that of the virtual environment in .build, or the one in PATH; nil if neither has
    /// them.
    private static let python: String? = [
        folder.appending(path: "../../.build/python/bin/python3").standardized.path, "python3",
    ].first { (try? output(of: [$0, "-c", "import webvtt, srt; print(1)"])) == "1\n" }

    private static let isRequired = ProcessInfo.processInfo.environment["REALTIME_ROUTER_ALL_TESTS"] != nil

    @Test(
        .enabled(if: isRequired || python != nil, "install Python's webvtt-py and srt; `.ci/run schema` sees to that"),
        arguments: [TranscriptFormat.vtt, .srt])
    func othersReadTheSame(_ format: TranscriptFormat) async throws {
        let files = try ScratchFolder()
        try await record(eventfulCall, to: files.path + "/t", format)
        let script = Self.folder.appending(path: "captions.py").path
        let read = try Self.output(of: [Self.python ?? "python3", script, format.rawValue, files.path + "/t"])
        let hostile =
            format == .vtt
            ? "<b>--></b> {\\an8} *&amp;* [x](http://x)|00:00:09.000 --> 00:00:10.000 [2J"
            : "＜b＞--＞＜/b＞ ｛\\an8｝ *&amp;* [x](http://x)|00:00:09.000 --＞ 00:00:10.000 [2J"
        #expect(
            read == """
                633 1702 Caller: What's the weather in Lisbon?
                2434 3934 Agent: It's 21 degrees and sunny in …
                3900 4400 Caller: [not understood]
                5000 6000 Agent: \(hostile)
                6000 7000 Agent: Typed
                3723400 3723900 Caller: Thirty-six hundred seconds on

                """)
    }

    private static func output(of command: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = command
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: output, as: UTF8.self)
    }
}
