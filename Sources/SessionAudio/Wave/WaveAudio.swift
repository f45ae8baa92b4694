import EventRouter

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Audio from a WAV file: PCM of 16 bits, one or two channels, at any rate from 1 kHz to 384 kHz.
///
/// The reader takes what programs write: chunks in any order, `LIST` and other chunks in between, chunks of an odd size,
/// `WAVE_FORMAT_EXTENSIBLE`, files that break off, and a `data` chunk of unknown length, as a program writes it into a pipe.
public struct WaveAudio: Sendable, Hashable {
    /// Samples a second.
    public var rate: Int
    /// 1 or 2.
    public var channels: Int
    /// The samples; with two channels left and right take turns.
    public var samples: [Int16]

    /// Makes audio of samples.
    public init(rate: Int, channels: Int, samples: [Int16]) {
        self.rate = rate
        self.channels = channels
        self.samples = samples
    }

    /// Reads a file whole.
    ///
    /// - Throws: ``WaveError`` if the file cannot be read or holds something else.
    public init(path: String) throws(WaveError) {
        do throws(WaveError) {
            self = try WaveAudio(parsing: try Self.bytes(path))
        } catch {
            var error = error
            error.path = path
            throw error
        }
    }

    /// Reads the bytes of a file.
    ///
    /// - Throws: ``WaveError`` if the bytes are something else.
    public init(parsing bytes: [UInt8]) throws(WaveError) {
        var reader = try WaveChunks(bytes)
        let (format, data) = try reader.read()
        rate = format.rate
        channels = format.channels
        let frameBytes = 2 * format.channels
        // A file that breaks off may end within a frame.
        let end = data.lowerBound + data.count / frameBytes * frameBytes
        samples = stride(from: data.lowerBound, to: end, by: 2).map { index in
            Int16(truncatingIfNeeded: Int(bytes[index]) | Int(bytes[index + 1]) << 8)
        }
    }

    /// The audio as one channel at 24 kHz, which the Realtime API takes by default. Two channels are mixed.
    public var monoAtSessionRate: [Int16] {
        let mono =
            channels == 1
            ? samples
            : stride(from: 0, to: samples.count - 1, by: 2).map { index in
                Int16((Int(samples[index]) + Int(samples[index + 1])) / 2)
            }
        var resampler = Resampler(from: rate, to: SessionRate.standard)
        var output: [Int16] = []
        output.reserveCapacity(mono.count * SessionRate.standard / rate + 1)
        resampler.process(mono, into: &output)
        resampler.finish(into: &output)
        return output
    }

    private static func bytes(_ path: String) throws(WaveError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw WaveError(String(cString: strerror(errno))) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 256 * 1024)
        while true {
            let count = read(descriptor, &block, block.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw WaveError(String(cString: strerror(errno))) }
            if count == 0 { return bytes }
            bytes += block[..<count]
        }
    }
}

/// Live audio that comes block by block: PCM of 16 bits with one channel at 24 kHz, bare, or behind the header of a WAV file.
package struct WaveStream: Sendable {
    /// A header is not longer.
    private static let maximumHeader = 64 << 10

    /// What has come while the samples have not begun; nil once they have.
    private var beginning: [UInt8]? = []

    /// Audio of which nothing has come.
    package init() {}

    /// The samples of the next block.
    ///
    /// - Throws: ``WaveError`` if the header says that the samples are something else, or does not end.
    package mutating func samples(in block: [UInt8]) throws(WaveError) -> [UInt8] {
        guard var bytes = beginning else { return block }
        bytes += block
        beginning = bytes
        // The first bytes say whether there is a header.
        let name = Array("RIFF".utf8)
        guard bytes.starts(with: name.prefix(bytes.count)) else {
            beginning = nil
            return bytes
        }
        guard let start = try? Self.start(bytes) else {
            // More may come, unless too much has come.
            return bytes.count < Self.maximumHeader ? [] : try end()
        }
        beginning = nil
        return Array(bytes[start...])
    }

    /// The samples that waited for the end of a header.
    ///
    /// - Throws: ``WaveError`` if there is no end, or the header says that the samples are something else.
    package mutating func end() throws(WaveError) -> [UInt8] {
        guard let bytes = beginning, !bytes.isEmpty else { return [] }
        beginning = nil
        return Array(bytes[try Self.start(bytes)...])
    }

    /// Where the samples begin.
    private static func start(_ bytes: [UInt8]) throws(WaveError) -> Int {
        var chunks = try WaveChunks(bytes)
        let (format, data) = try chunks.read()
        guard format.channels == 1, format.rate == SessionRate.standard else {
            throw WaveError(
                "it has \(format.channels) channel\(format.channels == 1 ? "" : "s") at \(format.rate) samples a second, and live audio "
                    + "needs one channel at \(SessionRate.standard)", isConvertible: true)
        }
        return data.lowerBound
    }
}
