import ConfigSource
import EventJSON
import Foundation
import Logging
import NIOCore
import RealtimeConnection
import ScratchFolders
import Synchronization
import Testing

/// Mock endpoints on sockets.
@Suite(.timeLimit(.minutes(1)))
struct MockServerTests {
    private static func recording(_ name: String, _ script: String) throws -> MockRecording {
        let file = SourceFile(path: "\(name).yml", text: script)
        return try #require(MockRecording.read(file, isScript: true, Diagnostics()))
    }

    /// Starts an endpoint that plays one script.
    private func start(
        _ recordings: [MockRecording]? = nil, _ change: (inout MockServerOptions) -> Void = { _ in }
    ) async throws -> MockServer {
        var options = MockServerOptions()
        options.play.linger = .milliseconds(100)
        options.play.responseTime = .milliseconds(1)
        change(&options)
        let recordings = try recordings ?? [Self.recording("greeting", "- agent: Hello there")]
        let server = MockServer(
            recordings, port: 0, options: options, threads: threads, logger: Logger(label: "mock tests"))
        try await server.start()
        return server
    }

    private func connect(
        _ server: MockServer, _ path: String = "/v1/realtime", headers: [(name: String, value: String)] = []
    ) async throws -> (socket: WebSocket, inbox: Inbox) {
        let base = try #require(server.url).replacing("/v1/realtime", with: path)
        let inbox = Inbox()
        let url = try #require(WebSocketURL(base))
        return (try await WebSocketClient(threads: threads).connect(to: url, headers: headers, receiver: inbox), inbox)
    }

    /// Asks for the greeting, and gives the types of what came.
    private func greet(_ connection: (socket: WebSocket, inbox: Inbox)) async throws -> [String] {
        await connection.socket.send(Array(#"{"type":"response.create"}"#.utf8))
        let end = await connection.inbox.waitForEnd()
        #expect(end == .closed(code: 1000, reason: "the recording is over"))
        return try connection.inbox.messages.map { try JSONValue(parsing: $0)["type"]?.string ?? "" }
    }

    private static let greeting = [
        "session.created", "response.created", "response.output_item.added", "conversation.item.added",
        "response.content_part.added", "response.output_audio_transcript.delta",
        "response.output_audio_transcript.delta", "response.output_audio.delta", "response.output_audio.delta",
        "response.output_audio.delta", "response.output_audio.delta", "response.output_audio.done",
        "response.output_audio_transcript.done", "response.content_part.done", "conversation.item.done",
        "response.output_item.done", "response.done",
    ]

    @Test("a session on a socket, whole or in fragments", arguments: [false, true])
    func session_playsOnASocket(inFragments: Bool) async throws {
        let server = try await start { options in
            options.sessions = 1
            options.fragments = inFragments
        }
        let types = try await greet(try await connect(server))
        #expect(types == Self.greeting)
        await server.waitForEnd()
        #expect(server.faults.isEmpty && server.sessionCount == 1 && server.url == nil)
    }

    @Test("sessions run at the same time, each with ids of its own")
    func sessions_runAtTheSameTime() async throws {
        let server = try await start { $0.sessions = 3 }
        let connections = [try await connect(server), try await connect(server), try await connect(server)]
        var ids: Set<String> = []
        for connection in connections {
            #expect(try await greet(connection) == Self.greeting)
            let created = try JSONValue(parsing: connection.inbox.messages[0])
            ids.insert(created["session"]?["id"]?.string ?? "")
        }
        #expect(ids == ["sess_1", "sess_1_2", "sess_1_3"])
        await server.waitForEnd()
    }

    @Test("the recording is chosen by order, model or path")
    func selection_choosesTheRecording() async throws {
        let recordings = [
            try Self.recording("first", "model: gpt-a\nsteps: [{ agent: A }]"),
            try Self.recording("second", "model: gpt-b\nsteps: [{ agent: B }]"),
        ]
        for (selection, path, models) in [
            (.order, "/v1/realtime", ["gpt-a", "gpt-b", "gpt-a"]),
            (.model, "/v1/realtime?model=gpt-b", ["gpt-b", "gpt-b"]), (.path, "/tests/second", ["gpt-b"]),
        ] as [(MockServerOptions.Selection, String, [String])] {
            let server = try await start(recordings) { $0.selection = selection }
            for model in models {
                let (socket, inbox) = try await connect(server, path)
                let created = try JSONValue(parsing: try #require(await inbox.messages(1).first))
                #expect(created["session"]?["model"]?.string == model)
                socket.abort()
            }
            if selection != .order {
                await #expect(throws: DialFailure.self) { try await connect(server, "/v1/other?model=gpt-c") }
            }
            await server.stop()
        }
    }

    @Test("a handshake is refused with an error of the API")
    func handshake_isRefused() async throws {
        let server = try await start { options in
            options.sessions = 1
            options.handshakeStatus = 429
        }
        do {
            _ = try await connect(server)
            Issue.record("the handshake was answered")
        } catch let failure as DialFailure {
            let text = "\(failure)"
            #expect(text.contains("429") && text.contains("Rate limit reached for requests."), "\(text)")
        }
        await server.waitForEnd()
    }

    @Test("faults are reported with their session, and the end of the endpoint is none")
    func faults_haveTheirSession() async throws {
        let server = try await start()
        let (socket, inbox) = try await connect(server)
        await socket.send(Array(#"{"type":"input_audio_buffer.commit"}"#.utf8))
        _ = await inbox.messages(2)
        await server.stop()
        #expect(await inbox.waitForEnd() == .closed(code: 1001, reason: "the mock endpoint ends"))
        let message =
            "Error committing input audio buffer: buffer too small. Expected at least 100ms of audio, but buffer only has 0.00ms of audio."
        #expect(
            server.faults.map(\.description) == [
                "session 1 (greeting.yml): message 1, `input_audio_buffer.commit`: \(message)"
            ])
    }

    @Test("the recording of what happened can be played again")
    func record_canBePlayedAgain() async throws {
        let folder = try ScratchFolder()
        let server = try await start { options in
            options.sessions = 1
            options.recordFolder = folder.path
        }
        #expect(try await greet(try await connect(server)) == Self.greeting)
        await server.waitForEnd()
        let lines = folder.lines("greeting-1.jsonl")
        #expect(lines.count == 1 + Self.greeting.count + 1 + 1)
        #expect(lines[2].hasSuffix(#""direction":"client","event":{"type":"response.create"}}"#))
        #expect(lines.filter { $0.contains(#""delta":9600"#) }.count == 4)
        let again = try await start([
            try #require(MockRecording.load(path: "\(folder.path)/greeting-1.jsonl", Diagnostics()))
        ]) { $0.sessions = 1 }
        #expect(try await greet(try await connect(again)) == Self.greeting)
        await again.waitForEnd()
        #expect(again.faults.isEmpty)
    }
}
