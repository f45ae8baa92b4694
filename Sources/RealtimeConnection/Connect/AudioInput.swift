import Dispatch
import EventJSON
import EventRouter
import RealtimeEvents
import SessionAudio

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// User audio that the router sends in a session that it opens itself: from a WAV file or from standard input.
public struct AudioInput: Sendable, Hashable {
    /// Where the audio comes from.
    public enum Origin: Sendable, Hashable {
        /// A WAV file with 16-bit PCM at any sample rate.
        case file(path: String)
        /// Standard input: 16-bit mono PCM at 24 kHz, raw or as WAV. It is sent as it arrives.
        case standardInput
    }

    /// Where the audio comes from.
    public var origin: Origin
    /// Whether a file is sent as fast as the server accepts it, instead of in real time.
    public var sendsAtFullSpeed: Bool

    /// Names the audio, which is opened when the session runs.
    public init(_ origin: Origin, sendsAtFullSpeed: Bool = false) {
        self.origin = origin
        self.sendsAtFullSpeed = sendsAtFullSpeed
    }
}

/// Sends audio in chunks of 100 ms.
struct AudioSender: Sendable {
    /// The audio of a file, which is read before the connection is opened.
    struct Recorded: Sendable {
        let bytes: [UInt8]

        /// - Throws: ``AudioFailure`` if the file cannot be read, or is not a WAV file with 16-bit PCM.
        init(path: String) throws(AudioFailure) {
            var facts = stat()
            guard stat(path, &facts) != 0 || facts.st_mode & S_IFMT == S_IFREG else {
                throw AudioFailure(
                    "cannot send \(path): it is not a regular file; give live audio as `-`, on standard input")
            }
            do throws(WaveError) {
                let samples = try WaveAudio(path: path).monoAtSessionRate
                bytes = samples.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
            } catch {
                throw AudioFailure("\(error)")
            }
        }
    }

    /// The number of bytes in 100 ms of 16-bit PCM at 24 kHz.
    static let chunkBytes = 4800
    /// The number of silent chunks after a file, so that the server's voice detection notices the end of speech.
    private static let silentChunks = 10

    let recorded: Recorded?
    let sendsAtFullSpeed: Bool
    let clock: any RouterClock
    /// Sends one event. Waits for a connection and for room in its queue; returns false if the session is over.
    let send: @Sendable (_ event: [UInt8]) async -> Bool

    /// Sends all audio, unless the session ends or the task is cancelled before that.
    ///
    /// - Throws: ``AudioFailure`` if standard input cannot be read, `WaveError` if it holds another audio format.
    func run() async throws {
        if let recorded { try await send(recorded) } else { try await sendStandardInput() }
    }

    private func send(_ recorded: Recorded) async throws {
        let bytes = recorded.bytes + [UInt8](repeating: 0, count: Self.silentChunks * Self.chunkBytes)
        let begin = clock.now
        for (number, start) in stride(from: 0, to: bytes.count, by: Self.chunkBytes).enumerated() {
            if !sendsAtFullSpeed {
                let wait = begin + .milliseconds(100) * number - clock.now
                if wait > .zero { try await clock.sleep(for: wait) }
            }
            let chunk = bytes[start..<min(start + Self.chunkBytes, bytes.count)]
            guard !Task.isCancelled, await send(Self.event(Array(chunk), number)) else { return }
        }
    }

    private func sendStandardInput() async throws {
        var stream = WaveStream()
        var waiting: [UInt8] = []
        var number = 0
        let standardInput = StandardInput()
        while let block = try await standardInput.next() {
            waiting += try stream.samples(in: block)
            while waiting.count >= Self.chunkBytes {
                guard !Task.isCancelled, await send(Self.event(Array(waiting.prefix(Self.chunkBytes)), number)) else {
                    return
                }
                waiting.removeFirst(Self.chunkBytes)
                number += 1
            }
        }
        waiting += try stream.end()
        let rest = Array(waiting.prefix(waiting.count / 2 * 2))
        if !rest.isEmpty { _ = await send(Self.event(rest, number)) }
    }

    /// An `input_audio_buffer.append` event with a chunk.
    private static func event(_ audio: [UInt8], _ number: Int) -> [UInt8] {
        var writer = JSONWriter(capacity: audio.count * 4 / 3 + 96)
        writer.beginObject()
        writer.field("type", "input_audio_buffer.append")
        writer.field("event_id", "rr_audio_\(number)")
        writer.field("audio", Base64.encode(audio))
        writer.endObject()
        return writer.bytes
    }
}

/// Reads standard input block by block, on its own dispatch queue because `read` blocks the thread.
final class StandardInput: Sendable {
    private static let blockBytes = 4800

    private let queue = DispatchQueue(label: "audio-input")

    /// Returns the next block; nil at the end of input, or when the task is cancelled.
    ///
    /// - Throws: ``AudioFailure`` if it cannot be read.
    func next() async throws -> [UInt8]? {
        while !Task.isCancelled {
            switch await read() {
            case .success(let block?): return block.isEmpty ? nil : block
            case .success(nil): continue
            case .failure(let failure): throw failure
            }
        }
        return nil
    }

    /// A block; an empty block at the end of input; nil if no data arrived within 100 ms.
    private func read() async -> Result<[UInt8]?, AudioFailure> {
        await withCheckedContinuation { continuation in
            queue.async { continuation.resume(returning: Self.readNow()) }
        }
    }

    private static func readNow() -> Result<[UInt8]?, AudioFailure> {
        var ready = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
        guard poll(&ready, 1, 100) > 0 else { return .success(nil) }
        var block = [UInt8](repeating: 0, count: blockBytes)
        let count = block.withUnsafeMutableBytes { bytes in
            #if canImport(Glibc)
                Glibc.read(STDIN_FILENO, bytes.baseAddress, bytes.count)
            #else
                Darwin.read(STDIN_FILENO, bytes.baseAddress, bytes.count)
            #endif
        }
        if count < 0, errno == EINTR || errno == EAGAIN { return .success(nil) }
        guard count >= 0 else {
            return .failure(AudioFailure("cannot read standard input: \(String(cString: strerror(errno)))"))
        }
        return .success(Array(block[..<count]))
    }
}

/// Why audio cannot be sent.
struct AudioFailure: Error, Sendable, Hashable, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
