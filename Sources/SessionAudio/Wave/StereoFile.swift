import EventRouter

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A stereo WAV file at 24 kHz. Samples can be written at any position, and the file can be read meanwhile.
///
/// The sizes in its header are rewritten after every 64 KiB of audio and at the end, so the file is playable whenever
/// the process ends. Positions that were never written are silent, and take no space on most file systems.
///
/// Not thread-safe.
final class StereoFile {
    enum Channel: Int {
        case left = 0
        case right = 1
    }

    let path: String
    private let descriptor: CInt
    /// The byte offset of the first sample.
    private let start: Int
    /// The file's length in frames.
    private(set) var frames = 0
    /// The length in frames that the header states.
    private var headerFrames = 0

    private static let frameBytes = 4
    private static let headerInterval = 64 * 1024 / frameBytes
    private static let block = 16 * 1024

    /// Creates a file of mode 0600, in folders of mode 0700. An existing file is renamed to its path with `.1`, `.2`, …
    ///
    /// - Parameters:
    ///   - path: The file's path.
    ///   - comment: The text of the file's comment chunk (`ICMT`).
    /// - Throws: `FileFailure` if the path cannot be written.
    init(path: String, comment: String) throws {
        let made = LineFile(path: path, header: [], maximumSize: .max, isRenewed: false)
        try made.openNew()
        defer { made.close(durably: false) }
        guard made.isRegular else { throw FileFailure("cannot write", path, "it is no regular file") }
        let descriptor = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { throw FileFailure("cannot write", path, errno) }
        let header = Self.header(comment)
        self.path = path
        self.descriptor = descriptor
        start = header.count
        do {
            try write(header, at: 0)
        } catch {
            close(descriptor)
            throw error
        }
    }

    /// The maximum number of frames: the header's sizes are 32-bit numbers.
    var limit: Int { (Int(UInt32.max) - start) / Self.frameBytes - 1 }

    /// Writes samples to one channel.
    ///
    /// - Precondition: The samples end within ``limit``.
    /// - Throws: `FileFailure` if the disk refuses.
    func write(_ samples: [Int16], to channel: Channel, at frame: Int) throws {
        var done = 0
        while done < samples.count {
            let count = min(samples.count - done, Self.block)
            try modify(channel, frame + done, count) { samples[done + $0] }
            done += count
        }
    }

    /// Silences a range of one channel. Ignores what lies beyond the file's end.
    ///
    /// - Throws: `FileFailure` if the disk refuses.
    func silence(_ channel: Channel, _ range: Range<Int>) throws {
        var frame = range.lowerBound
        let end = min(range.upperBound, frames)
        while frame < end {
            let count = min(end - frame, Self.block)
            try modify(channel, frame, count) { _ in 0 }
            frame += count
        }
    }

    /// Extends the file to a length in frames, with silence.
    ///
    /// - Throws: `FileFailure` if the disk refuses.
    func extend(to frame: Int) throws {
        guard frame > frames else { return }
        try write([0, 0, 0, 0], at: start + (frame - 1) * Self.frameBytes)
        try grow(to: frame)
    }

    /// Updates the header and closes the file.
    ///
    /// - Throws: `FileFailure` if the disk refuses.
    func finish() throws {
        defer { close(descriptor) }
        try writeSizes()
        guard fsync(descriptor) == 0 || errno == EINVAL else { throw FileFailure("cannot write", path, errno) }
    }

    // MARK: - Bytes

    private func modify(_ channel: Channel, _ frame: Int, _ count: Int, _ sample: (Int) -> Int16) throws {
        let offset = start + frame * Self.frameBytes
        var bytes = try read(count * Self.frameBytes, at: offset)
        for index in 0..<count {
            let value = UInt16(bitPattern: sample(index))
            let byteOffset = index * Self.frameBytes + channel.rawValue * 2
            bytes[byteOffset] = UInt8(value & 0xFF)
            bytes[byteOffset + 1] = UInt8(value >> 8)
        }
        try write(bytes, at: offset)
        try grow(to: frame + count)
    }

    /// Reads bytes of the file; bytes beyond its end are 0.
    private func read(_ count: Int, at offset: Int) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var done = 0
        while done < count {
            let got = bytes.withUnsafeMutableBytes { buffer in
                pread(descriptor, buffer.baseAddress! + done, count - done, off_t(offset + done))
            }
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else { throw FileFailure("cannot write", path, errno) }
            if got == 0 { break }
            done += got
        }
        return bytes
    }

    private func write(_ bytes: [UInt8], at offset: Int) throws {
        var done = 0
        while done < bytes.count {
            let got = bytes.withUnsafeBytes { buffer in
                pwrite(descriptor, buffer.baseAddress! + done, bytes.count - done, off_t(offset + done))
            }
            if got < 0, errno == EINTR { continue }
            guard got > 0 else { throw FileFailure("cannot write", path, errno) }
            done += got
        }
    }

    private func grow(to end: Int) throws {
        frames = max(frames, end)
        if frames - headerFrames >= Self.headerInterval { try writeSizes() }
    }

    /// Updates the sizes in the header. They never exceed what the file holds.
    private func writeSizes() throws {
        let size = frames * Self.frameBytes
        try write(Self.number(size, 4), at: start - 4)
        try write(Self.number(start - 8 + size, 4), at: 4)
        headerFrames = frames
    }

    private static func header(_ comment: String) -> [UInt8] {
        func chunk(_ name: String, _ content: [UInt8]) -> [UInt8] {
            Array(name.utf8) + number(content.count, 4) + content + (content.count % 2 == 0 ? [] : [0])
        }
        let rate = SessionRate.standard
        let format =
            number(1, 2) + number(2, 2) + number(rate, 4) + number(rate * frameBytes, 4) + number(frameBytes, 2)
            + number(16, 2)
        // Texts in an `INFO` chunk end with a zero byte.
        let facts = [("ICMT", comment), ("ISFT", "realtime-router")].flatMap { chunk($0, Array($1.utf8) + [0]) }
        let chunks =
            chunk("fmt ", format) + chunk("LIST", Array("INFO".utf8) + facts) + Array("data".utf8) + [0, 0, 0, 0]
        return Array("RIFF".utf8) + number(4 + chunks.count, 4) + Array("WAVE".utf8) + chunks
    }

    /// The little-endian bytes of a number.
    private static func number(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
}

/// A change to a session's audio. Positions are frames at 24 kHz from the start of the file.
enum AudioEdit: Hashable {
    /// A participant of the session, and so a channel of the file.
    enum Side: Hashable {
        case user
        case assistant
    }

    /// Writes samples from a frame on.
    case write([Int16], Side, at: Int)
    /// Silences a range.
    case silence(Side, Range<Int>)
    /// Extends the file to a length in frames.
    case extend(Int)

    /// The edit's approximate memory use, in samples.
    var size: Int { if case .write(let samples, _, _) = self { samples.count } else { 256 } }
}
