import EventRouter

/// A file that holds no PCM16 audio in WAV form: what it holds, and how to convert it.
public struct WaveError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The file; nil for bytes in memory.
    public var path: String?
    /// What is wrong: "it holds samples of 24 bits, and PCM of 16 bits is wanted".
    public let reason: String
    /// Whether another program can convert the file.
    let isConvertible: Bool

    init(_ reason: String, isConvertible: Bool = false) {
        self.reason = reason
        self.isConvertible = isConvertible
    }

    /// What is wrong with the file, and the command that converts it.
    public var description: String {
        let name = path?.printable ?? "the audio"
        guard isConvertible else { return "cannot read \(name): \(reason)" }
        let input = path.map { Self.shellWord($0.hasPrefix("-") ? "./" + $0 : $0) } ?? "IN"
        return "cannot read \(name): \(reason); convert it: `ffmpeg -i \(input) -ac 1 -ar 24000 -c:a pcm_s16le OUT.wav`"
    }

    private static func shellWord(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy { byte in
            byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26 || "-_./+,:@%".utf8.contains(byte)
        }
        return isPlain && !text.isEmpty ? text : "'" + text.printable.replacing("'", with: #"'\''"#) + "'"
    }
}
