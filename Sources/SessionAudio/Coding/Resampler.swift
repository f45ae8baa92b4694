#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Converts a stream of samples from one rate to another, by band-limited interpolation.
///
/// A windowed sinc of 32 zero crossings on either side passes frequencies up to 84 % of the lower rate's half, and keeps what is above
/// that half about 80 dB down. Sample n of the output stands for the time of sample n · `from` / `to` of the input: nothing is delayed,
/// and there is no drift.
public struct Resampler: Sendable {
    /// The input advances by `from` for each `to` of the output, in lowest terms.
    private let (from, to): (Int, Int)
    /// Nil where both rates are the same. Copies of a resampler share it.
    private let filter: Filter?

    /// The input that later output needs, with silence before the first sample.
    private var input: [Float] = []
    /// The number of the first sample in `input`.
    private var inputStart = 0
    /// The number of the next output sample.
    private var next = 0
    /// How many input samples have come.
    private var received = 0

    /// A resampler for one stream.
    ///
    /// - Precondition: Both rates are positive.
    public init(from inputRate: Int, to outputRate: Int) {
        precondition(inputRate > 0 && outputRate > 0, "a rate must be positive")
        let divisor = Self.greatestCommonDivisor(inputRate, outputRate)
        (from, to) = (inputRate / divisor, outputRate / divisor)
        filter = from == to ? nil : Filter(from: from, to: to)
        restart()
    }

    /// Begins another stream of the same rates.
    public mutating func restart() {
        let reach = filter?.reach ?? 0
        input = Array(repeating: 0, count: reach)
        inputStart = -reach
        (next, received) = (0, 0)
    }

    private static func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int {
        b == 0 ? a : greatestCommonDivisor(b, a % b)
    }

    /// Takes further samples.
    ///
    /// - Parameters:
    ///   - samples: The samples.
    ///   - output: Gets the samples that are certain by now: the last milliseconds wait for more input.
    public mutating func process(_ samples: [Int16], into output: inout [Int16]) {
        guard let filter else { return output.append(contentsOf: samples) }
        received += samples.count
        for sample in samples { input.append(Float(sample)) }
        emit(filter, into: &output, upTo: .max)
    }

    /// Ends the stream.
    ///
    /// - Parameter output: Gets the rest, so that the output lasts as long as the input.
    public mutating func finish(into output: inout [Int16]) {
        guard let filter else { return }
        input.append(contentsOf: repeatElement(0, count: filter.reach))
        emit(filter, into: &output, upTo: (received * to + from - 1) / from)
    }

    private mutating func emit(_ filter: Filter, into output: inout [Int16], upTo end: Int) {
        let inputEnd = inputStart + input.count
        while next < end {
            let position = next * from
            let first = position / to - filter.reach + 1
            guard first + 2 * filter.reach <= inputEnd else { break }
            output.append(filter.sample(input, at: first - inputStart, phase: position % to))
            next += 1
        }
        // What lies before the next output sample's reach is not needed again.
        let unneeded = min(next * from / to - filter.reach + 1 - inputStart, input.count)
        if unneeded > 0 {
            input.removeFirst(unneeded)
            inputStart += unneeded
        }
    }
}

extension Resampler {
    /// The coefficients of all phases, where these are few, and otherwise what makes them.
    private final class Filter: Sendable {
        /// How many input samples count on either side of an output sample.
        let reach: Int
        private let to: Int
        private let kernel: Kernel
        private let phases: [Float]

        /// As many coefficients are kept ready.
        private static let largestTable = 1 << 16

        init(from: Int, to: Int) {
            self.to = to
            kernel = Kernel(bandwidth: min(1, Float(to) / Float(from)))
            reach = kernel.reach
            var phases: [Float] = []
            if to * 2 * reach <= Self.largestTable {
                for phase in 0..<to { phases += kernel.coefficients(Float(phase) / Float(to)) }
            }
            self.phases = phases
        }

        /// The output sample that lies a phase behind the middle of the input samples from a place on.
        func sample(_ input: [Float], at start: Int, phase: Int) -> Int16 {
            let sum =
                phases.isEmpty
                ? sum(input, start, kernel.coefficients(Float(phase) / Float(to)), 0)
                : sum(input, start, phases, phase * 2 * reach)
            return Int16(max(-32768, min(32767, sum.rounded())))
        }

        private func sum(_ input: [Float], _ start: Int, _ coefficients: [Float], _ offset: Int) -> Float {
            var sum: Float = 0
            for index in 0..<2 * reach { sum += input[start + index] * coefficients[offset + index] }
            return sum
        }
    }

    /// The window's sinc as a table.
    private struct Kernel {
        /// How many input samples count on either side.
        let reach: Int
        private let table: [Float]
        /// Entries of the table for each input sample.
        private static let resolution = 512
        private static let zeroCrossings: Float = 32
        /// How much of the band is kept: the rest is the filter's slope.
        private static let rolloff: Float = 0.92
        private static let beta: Float = 8

        /// A filter for a part of the input's band.
        init(bandwidth: Float) {
            let cutoff = bandwidth * Self.rolloff
            let width = Self.zeroCrossings / cutoff
            reach = Int(width.rounded(.up))
            let scale = Self.bessel(Self.beta)
            table = (0...reach * Self.resolution + 1).map { index in
                let time = Float(index) / Float(Self.resolution)
                let ratio = time / width
                guard ratio < 1 else { return 0 }
                let angle = Float.pi * time * cutoff
                let sinc = angle == 0 ? 1 : sin(angle) / angle
                return sinc * Self.bessel(Self.beta * (1 - ratio * ratio).squareRoot()) / scale
            }
        }

        /// The coefficients of the input samples around a time between two of them. Their sum is 1.
        func coefficients(_ fraction: Float) -> [Float] {
            var coefficients = (1 - reach...reach).map { value(at: abs(Float($0) - fraction)) }
            let sum = coefficients.reduce(0, +)
            for index in coefficients.indices { coefficients[index] /= sum }
            return coefficients
        }

        private func value(at time: Float) -> Float {
            let place = min(time, Float(reach)) * Float(Self.resolution)
            let index = Int(place)
            let rest = place - Float(index)
            return table[index] * (1 - rest) + table[index + 1] * rest
        }

        /// The modified Bessel function of order 0, for Kaiser's window.
        private static func bessel(_ x: Float) -> Float {
            var (sum, term): (Float, Float) = (1, 1)
            for k in 1..<40 {
                let factor = x / (2 * Float(k))
                term *= factor * factor
                sum += term
                if term < sum * 1e-9 { break }
            }
            return sum
        }
    }
}
