import EventRouter
import RouterTesting
import ScratchFolders
import SessionAudio

/// A handler that writes to its own folder, and the events that it gets.
struct AudioBench {
    let folder: ScratchFolder
    let handler: AudioHandler
    private let session = RouterSession(key: "call-1") { _ in }

    init(_ name: String = "{session}.wav") throws {
        folder = try ScratchFolder()
        handler = AudioHandler(path: folder.path + "/" + name, clock: ManualClock(wallStart: 1_767_225_599))
    }

    /// Delivers a server event to the handler.
    func server(_ json: String, at: Double? = nil, attempt: Int = 1) async throws {
        try await handler.handle(
            EventDelivery(
                event: try RealtimeEvent(json: json, at: at), routes: ["r"], attempt: attempt, session: session))
    }

    /// Delivers audio that the client appended.
    func append(_ audio: String, at: Double? = nil) async throws {
        let event = try RealtimeEvent(json: #"{"type":"input_audio_buffer.append","audio":\#(audio)}"#, at: at)
        try await handler.handle(EventDelivery(event: event, routes: [], session: session, side: .client))
    }

    /// Delivers a piece of an answer.
    func answer(_ item: String, _ audio: String, at: Double? = nil, response: String = "resp") async throws {
        try await server(
            #"{"type":"response.output_audio.delta","response_id":"\#(response)","item_id":"\#(item)","content_index":0,"delta":\#(audio)}"#,
            at: at)
    }

    /// The current content of the file: the user on the left, the assistant on the right.
    func audio(_ name: String = "call-1.wav") throws -> (user: Runs, assistant: Runs) {
        let audio = try WaveAudio(path: "\(folder.path)/\(name)")
        precondition(audio.channels == 2 && audio.rate == 24_000)
        let frames = audio.samples.indices.filter { $0 % 2 == 0 }
        return (Runs(frames.map { audio.samples[$0] }), Runs(frames.map { audio.samples[$0 + 1] }))
    }

    /// PCM with one value for a number of milliseconds, as quoted base64.
    static func pcm(_ value: Int16, ms: Int, rate: Int = 24_000) -> String {
        bytes(
            Array(repeating: value, count: ms * rate / 1000).flatMap {
                [UInt8(UInt16(bitPattern: $0) & 0xFF), UInt8(UInt16(bitPattern: $0) >> 8)]
            })
    }

    /// Bytes as quoted base64.
    static func bytes(_ bytes: [UInt8]) -> String { "\"\(Base64.encode(bytes))\"" }
}

/// Samples as runs of equal values with their lengths in milliseconds: `[0 x 100, 5 x 20]`.
struct Runs: Equatable, CustomStringConvertible {
    private var runs: [(value: Int16, count: Int)] = []

    init(_ samples: [Int16]) {
        for sample in samples {
            if runs.last?.value == sample { runs[runs.count - 1].count += 1 } else { runs.append((sample, 1)) }
        }
    }

    var description: String {
        "[" + runs.map { "\($0.value) x \(Double($0.count) / 24)" }.joined(separator: ", ").replacing(".0", with: "")
            + "]"
    }

    static func == (left: Runs, right: Runs) -> Bool { left.description == right.description }
}
