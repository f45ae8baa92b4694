import ScratchFolders
import SessionAudio
import Testing

/// WAV files of other programs.
@Suite struct WaveAudioTests {
    private static let samples: [Int16] = [1, -2, 300, -32768, 32767, 0]
    private static let list = WaveBytes.chunk("LIST", Array("INFOISFT\u{5}\0\0\0Lavf\0\0".utf8))

    struct Form: Sendable, CustomTestStringConvertible {
        let name: String
        let bytes: [UInt8]
        var samples = WaveAudioTests.samples
        var testDescription: String { name }
    }

    @Test(arguments: [
        Form(
            name: "plain", bytes: WaveBytes.file(WaveBytes.format(), WaveBytes.chunk("data", WaveBytes.data(samples)))),
        Form(
            name: "chunks in another order, one of an odd size, one behind",
            bytes: WaveBytes.file(
                list, WaveBytes.chunk("odd ", [1, 2, 3]), WaveBytes.chunk("data", WaveBytes.data(samples)),
                WaveBytes.format(), list)),
        Form(
            name: "extensible",
            bytes: WaveBytes.file(
                WaveBytes.format(tag: 0xFFFE, extended: 1), WaveBytes.chunk("data", WaveBytes.data(samples)))),
        Form(
            name: "unknown length",
            bytes: WaveBytes.file(
                WaveBytes.format(), list, WaveBytes.chunk("data", WaveBytes.data(samples), size: 0xFFFF_FFFF))),
        Form(
            name: "length 0 from a pipe",
            bytes: WaveBytes.file(WaveBytes.format(), WaveBytes.chunk("data", WaveBytes.data(samples), size: 0))),
        Form(
            name: "length 0 of nothing", bytes: WaveBytes.file(WaveBytes.format(), WaveBytes.chunk("data", []), list),
            samples: []),
        Form(name: "no sample", bytes: WaveBytes.file(WaveBytes.format(), WaveBytes.chunk("data", [])), samples: []),
        Form(
            name: "broken off within a sample",
            bytes: Array(
                WaveBytes.file(WaveBytes.format(), WaveBytes.chunk("data", WaveBytes.data(samples))).dropLast(3)),
            samples: Array(samples.dropLast(2))),
        Form(
            name: "broken off within the chunk behind",
            bytes: Array(
                WaveBytes.file(WaveBytes.format(), WaveBytes.chunk("data", WaveBytes.data(samples)), list).dropLast(9))),
    ])
    func reading_takesWhatProgramsWrite(_ form: Form) throws {
        let audio = try WaveAudio(parsing: form.bytes)
        #expect(audio == WaveAudio(rate: 24_000, channels: 1, samples: form.samples))
    }

    @Test func reading_mixesTwoChannels() throws {
        let bytes = WaveBytes.file(
            WaveBytes.format(channels: 2), WaveBytes.chunk("data", WaveBytes.data([100, 200, -32768, -32768, 5, -5])))
        let audio = try WaveAudio(parsing: bytes)
        #expect(audio.channels == 2 && audio.samples.count == 6)
        #expect(audio.monoAtSessionRate == [150, -32768, 0])
    }

    private static let wanted =
        "PCM of 16 bits with one or two channels is needed; convert it: "
        + "`ffmpeg -i IN -ac 1 -ar 24000 -c:a pcm_s16le OUT.wav`"

    @Test(arguments: [
        (WaveBytes.format(bits: 24), "it holds samples of 24 bits, and \(wanted)"),
        (WaveBytes.format(bits: 8), "it holds samples of 8 bits, and \(wanted)"),
        (WaveBytes.format(tag: 3, bits: 32), "it holds floating-point samples of 32 bits, and \(wanted)"),
        (
            WaveBytes.format(tag: 0xFFFE, bits: 32, extended: 3),
            "it holds floating-point samples of 32 bits, and \(wanted)"
        ),
        (WaveBytes.format(tag: 6, bits: 8), "it holds A-law, and \(wanted)"),
        (WaveBytes.format(tag: 7, bits: 8), "it holds µ-law, and \(wanted)"),
        (WaveBytes.format(tag: 0x11, bits: 4), "it holds IMA ADPCM, and \(wanted)"),
        (WaveBytes.format(tag: 0x55, bits: 0), "it holds MP3, and \(wanted)"),
        (WaveBytes.format(tag: 0x1234), "it holds a coding with the number 4660, and \(wanted)"),
        (WaveBytes.format(channels: 6), "it has 6 channels, and \(wanted)"),
        (WaveBytes.format(channels: 0), "it has 0 channels, and \(wanted)"),
        (WaveBytes.format(rate: 0), "it has 0 samples a second, and \(wanted)"),
        (WaveBytes.chunk("fmt ", [1, 0]), "its `fmt ` chunk has 2 bytes, and at least 16 are needed"),
        ([], "it has no `fmt ` chunk, so nothing says what its samples are"),
    ])
    func reading_otherSamplesAreNamed(_ format: [UInt8], _ reason: String) {
        #expect(
            Self.error(WaveBytes.file(format, WaveBytes.chunk("data", [0, 0]))) == "cannot read the audio: \(reason)")
    }

    @Test(arguments: [
        ([], "it is empty"), (Array("RIFF".utf8), "it breaks off within its first 12 bytes"),
        (WaveBytes.file(), "it has no `fmt ` chunk, so nothing says what its samples are"),
        (WaveBytes.file(WaveBytes.format()), "it has no `data` chunk, so it breaks off before its samples"),
        (Array("hello, world".utf8), "it is no WAV file: it does not begin with `RIFF`"),
        (
            Array("OggS........".utf8),
            "it is an Ogg file, and a WAV file is needed; convert it: `ffmpeg -i IN -ac 1 -ar 24000 -c:a pcm_s16le OUT.wav`"
        ),
        (
            Array("RIFF....AVI ".utf8),
            "it is a RIFF file that is no WAV file, and a WAV file is needed; convert it: `ffmpeg -i IN -ac 1 -ar 24000 -c:a pcm_s16le OUT.wav`"
        ),
        (
            Array("\0\0\0\u{20}ftypM4A ".utf8),
            "it is an MP4 file, and a WAV file is needed; convert it: `ffmpeg -i IN -ac 1 -ar 24000 -c:a pcm_s16le OUT.wav`"
        ),
    ])
    func reading_otherFilesAreNamed(_ bytes: [UInt8], _ reason: String) {
        #expect(Self.error(bytes) == "cannot read the audio: \(reason)")
    }

    @Test func reading_errorsNameTheFileForAShell() throws {
        let folder = try ScratchFolder()
        let path = try folder.write(Array("fLaC and so on".utf8), to: "it's mine.flac")
        #expect(
            throws: WaveError.self,
            performing: { try WaveAudio(path: path) })
        do {
            _ = try WaveAudio(path: path)
        } catch {
            let quoted = "'" + path.replacing("'", with: #"'\''"#) + "'"
            #expect(
                error.description
                    == "cannot read \(path): it is a FLAC file, and a WAV file is needed; convert it: `ffmpeg -i \(quoted) -ac 1 -ar 24000 -c:a pcm_s16le OUT.wav`"
            )
        }
        do {
            _ = try WaveAudio(path: "\(folder.path)/none.wav")
        } catch {
            #expect(error.description == "cannot read \(folder.path)/none.wav: No such file or directory")
        }
    }

    /// Whatever bytes are changed or missing, the parser ends with a result or an error.
    @Test func reading_survivesBrokenBytes() {
        let whole = WaveBytes.file(
            Self.list, WaveBytes.format(tag: 0xFFFE, extended: 1),
            WaveBytes.chunk("data", WaveBytes.data(Self.samples)),
            Self.list)
        var (read, refused) = (0, 0)
        for index in whole.indices {
            for change in [UInt8(0), 1, 0x7F, 0x80, 0xFF] {
                var bytes = whole
                bytes[index] = change
                if (try? WaveAudio(parsing: bytes)) == nil { refused += 1 } else { read += 1 }
            }
            if (try? WaveAudio(parsing: Array(whole[..<index]))) == nil { refused += 1 } else { read += 1 }
        }
        #expect(read > 100 && refused > 100)
    }

    private static func error(_ bytes: [UInt8]) -> String {
        do {
            return "\(try WaveAudio(parsing: bytes).samples)"
        } catch {
            return error.description
        }
    }
}
