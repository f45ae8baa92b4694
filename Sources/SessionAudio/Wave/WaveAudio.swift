import EventRouter

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Audio from a WAV file: 16-bit PCM, one or two channels, any rate from 1 kHz to 384 kHz.
///
/// The parser accepts what programs write in practice: chunks in any order, additional chunks such as `LIST`, chunks of
/// odd size, `WAVE_FORMAT_EXTENSIBLE`, truncated files, and a `data` chunk of unknown length, as programs write it to a
/// pipe.
public struct WaveAudio: Sendable, Hashable {
    /// Samples per second.
    public var rate: Int
    /// The number of channels: 1 or 2.
    public var channels: Int
    /// The samples; with two channels, left and right alternate.
    public var samples: [Int16]

    /// Creates audio from samples.
    public init(rate: Int, channels: Int, samples: [Int16]) {
        self.rate = rate
        self.channels = channels
        self.samples = samples
    }

    /// Reads a whole file.
    ///
    /// - Throws: ``WaveError`` if the file cannot be read or has another format.
    public init(path: String) throws(WaveError) {
        do throws(WaveError) {
            self = try WaveAudio(parsing: try Self.bytes(path))
        } catch {
            var error = error
            error.path = path
            throw error
        }
    }

    /// Parses the bytes of a WAV file.
    ///
    /// - Throws: ``WaveError`` if the bytes have another format.
    public init(parsing bytes: [UInt8]) throws(WaveError) {
        var reader = try WaveParser(bytes)
        let (format, data) = try reader.read()
        rate = format.rate
        channels = format.channels
        let frameBytes = 2 * format.channels
        // A truncated file may end within a frame.
        let end = data.lowerBound + data.count / frameBytes * frameBytes
        samples = stride(from: data.lowerBound, to: end, by: 2).map { index in
            Int16(truncatingIfNeeded: Int(bytes[index]) | Int(bytes[index + 1]) << 8)
        }
    }

    /// The audio as one channel at 24 kHz, the Realtime API's default. Two channels are mixed.
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

/// Live audio that arrives in blocks: 16-bit PCM, one channel, 24 kHz, either raw or after a WAV header.
package struct WaveStream: Sendable {
    /// The maximum size of a header, in bytes.
    private static let maximumHeader = 64 << 10

    /// The bytes received so far while the header is incomplete; nil once samples have started.
    private var header: [UInt8]? = []

    /// Creates a stream that has received nothing.
    package init() {}

    /// The samples in the next block.
    ///
    /// - Throws: ``WaveError`` if the header declares another format, or is longer than 64 KiB.
    package mutating func samples(in block: [UInt8]) throws(WaveError) -> [UInt8] {
        guard var bytes = header else { return block }
        bytes += block
        header = bytes
        // The first bytes show whether there is a header.
        let name = Array("RIFF".utf8)
        guard bytes.starts(with: name.prefix(bytes.count)) else {
            header = nil
            return bytes
        }
        guard let start = try? Self.samplesOffset(bytes) else {
            // Waits for more of the header, up to the maximum size.
            return bytes.count < Self.maximumHeader ? [] : try end()
        }
        header = nil
        return Array(bytes[start...])
    }

    /// The samples that were held back because the header was incomplete.
    ///
    /// - Throws: ``WaveError`` if the header is truncated or declares another format.
    package mutating func end() throws(WaveError) -> [UInt8] {
        guard let bytes = header, !bytes.isEmpty else { return [] }
        header = nil
        return Array(bytes[try Self.samplesOffset(bytes)...])
    }

    /// The byte offset of the first sample.
    private static func samplesOffset(_ bytes: [UInt8]) throws(WaveError) -> Int {
        var chunks = try WaveParser(bytes)
        let (format, data) = try chunks.read()
        guard format.channels == 1, format.rate == SessionRate.standard else {
            throw WaveError(
                "it has \(format.channels) channel\(format.channels == 1 ? "" : "s") at \(format.rate) samples a second, and live audio "
                    + "needs one channel at \(SessionRate.standard)", isConvertible: true)
        }
        return data.lowerBound
    }
}
