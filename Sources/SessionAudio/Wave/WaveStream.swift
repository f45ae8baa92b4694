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
