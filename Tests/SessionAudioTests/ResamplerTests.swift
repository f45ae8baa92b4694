import Foundation
import SessionAudio
import Testing

/// Audio at other rates.
@Suite struct ResamplerTests {
    private static func sine(_ hertz: Double, rate: Int, seconds: Double = 0.25) -> [Int16] {
        (0..<Int(Double(rate) * seconds)).map { Int16(10_000 * sin(2 * .pi * hertz * Double($0) / Double(rate))) }
    }

    private static func convert(_ samples: [Int16], from rate: Int, pieces: [Int] = []) -> [Int16] {
        var resampler = Resampler(from: rate, to: 24_000)
        var output: [Int16] = []
        var rest = samples[...]
        for size in pieces {
            resampler.process(Array(rest.prefix(size)), into: &output)
            rest = rest.dropFirst(size)
        }
        resampler.process(Array(rest), into: &output)
        resampler.finish(into: &output)
        return output
    }

    /// The level in the middle, away from both ends, in decibels relative to a full sine of 10,000.
    private static func level(_ samples: [Int16]) -> Double {
        let middle = samples[(samples.count / 4)..<(samples.count * 3 / 4)]
        let power = middle.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(middle.count)
        return 10 * log10(max(power, 1e-9) / (10_000 * 10_000 / 2))
    }

    @Test(arguments: [8_000, 11_025, 16_000, 22_050, 24_000, 32_000, 44_100, 47_999, 48_000, 96_000])
    func resampling_keepsLengthLevelAndPlace(_ rate: Int) {
        let input = Self.sine(1000, rate: rate)
        let output = Self.convert(input, from: rate)
        #expect(output.count == (input.count * 24_000 + rate - 1) / rate)
        #expect(abs(Self.level(output)) < 0.05)
        // Every sample stays at its time.
        let expected = Self.sine(1000, rate: 24_000)
        let errors = zip(output[500..<5500], expected[500..<5500]).map { abs(Int($0) - Int($1)) }
        #expect(errors.max()! <= 6)
    }

    @Test func resampling_whatTheRateCannotHoldIsTakenOut() {
        for hertz in [12_500.0, 15_000, 20_000, 23_000] {
            #expect(Self.level(Self.convert(Self.sine(hertz, rate: 48_000), from: 48_000)) < -60, "\(hertz)")
        }
        // The band below is kept.
        #expect(abs(Self.level(Self.convert(Self.sine(9_500, rate: 48_000), from: 48_000))) < 0.2)
        // Audio at 8 kHz has nothing above 4 kHz, and its images are removed.
        let speech = Self.convert(Self.sine(3_000, rate: 8_000), from: 8_000)
        let (inBand, image) = (Self.part(of: speech, at: 3_000), Self.part(of: speech, at: 5_000))
        #expect(inBand > 0.98 && image < 0.001)
    }

    /// The amplitude of a frequency: 1 for a sine of 10,000.
    private static func part(of samples: [Int16], at hertz: Double) -> Double {
        let middle = Array(samples[(samples.count / 4)..<(samples.count * 3 / 4)])
        let window = middle.indices.map { 1 - cos(2 * .pi * Double($0) / Double(middle.count)) }
        var (re, im) = (0.0, 0.0)
        for (index, sample) in middle.enumerated() {
            let angle = 2 * .pi * hertz * Double(index) / 24_000
            re += window[index] * Double(sample) * cos(angle)
            im += window[index] * Double(sample) * sin(angle)
        }
        return 2 * (re * re + im * im).squareRoot() / Double(middle.count) / 10_000
    }

    @Test func resampling_piecesGiveWhatTheWholeGives() {
        for rate in [8_000, 44_100, 47_999] {
            let input = Self.sine(700, rate: rate, seconds: 0.1)
            let whole = Self.convert(input, from: rate)
            #expect(Self.convert(input, from: rate, pieces: [1, 0, 7, 300, 2]) == whole)
            #expect(Self.convert(input, from: rate, pieces: Array(repeating: 160, count: 4)) == whole)
        }
    }

    @Test func resampling_shortAndLoudAudio() {
        #expect(Self.convert([], from: 8_000) == [])
        #expect(Self.convert([1234], from: 8_000).count == 3)
        // A square wave overshoots, and does not wrap around.
        let square = (0..<800).map { Int16($0 / 40 % 2 == 0 ? 32767 : -32768) }
        let output = Self.convert(square, from: 8_000)
        for (index, sample) in output.enumerated()
        where index > 300 && index < 2000 && (index % 120) > 20 && (index % 120) < 100 {
            #expect((sample > 0) == (index / 120 % 2 == 0))
        }
        // A constant signal stays constant.
        #expect(
            Set(Self.convert(Array(repeating: 5000, count: 800), from: 8_000)[300..<2000]).isSubset(of: [
                4999, 5000, 5001,
            ]))
    }
}
