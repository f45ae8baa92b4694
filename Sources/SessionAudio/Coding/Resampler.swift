#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Converts a stream of samples from one rate to another by band-limited interpolation.
///
/// The filter is a windowed sinc with 32 zero crossings on either side. It passes frequencies up to 84 % of the lower
/// rate's Nyquist frequency and attenuates those above that frequency by about 80 dB. Output sample n corresponds to
/// the time of input sample n · `from` / `to`, so there is neither delay nor drift.
public struct Resampler: Sendable {
    /// The ratio of the rates in lowest terms: `from` input samples become `to` output samples.
    private let (from, to): (Int, Int)
    /// The filter; nil if both rates are equal. Copies of a resampler share it.
    private let filter: Filter?

    /// The input samples that later output needs. Silence precedes the first sample.
    private var input: [Float] = []
    /// The index in the stream of the first sample in `input`.
    private var inputStart = 0
    /// The index of the next output sample.
    private var next = 0
    /// The number of input samples received.
    private var received = 0

    /// Creates a resampler for one stream.
    ///
    /// - Precondition: Both rates are positive.
    public init(from inputRate: Int, to outputRate: Int) {
        precondition(inputRate > 0 && outputRate > 0, "a rate must be positive")
        let divisor = Self.greatestCommonDivisor(inputRate, outputRate)
        (from, to) = (inputRate / divisor, outputRate / divisor)
        filter = from == to ? nil : Filter(from: from, to: to)
        restart()
    }

    /// Starts another stream with the same rates.
    public mutating func restart() {
        let reach = filter?.reach ?? 0
        input = Array(repeating: 0, count: reach)
        inputStart = -reach
        (next, received) = (0, 0)
    }

    private static func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int {
        b == 0 ? a : greatestCommonDivisor(b, a % b)
    }

    /// Adds samples.
    ///
    /// - Parameters:
    ///   - samples: The input samples.
    ///   - output: Receives the output samples that no later input can change. The last few milliseconds wait for more
    ///     input.
    public mutating func process(_ samples: [Int16], into output: inout [Int16]) {
        guard let filter else { return output.append(contentsOf: samples) }
        received += samples.count
        for sample in samples { input.append(Float(sample)) }
        emit(filter, into: &output, upTo: .max)
    }

    /// Ends the stream.
    ///
    /// - Parameter output: Receives the remaining samples, so that output and input have the same duration.
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
        // Drops the input that no later output sample needs.
        let unneeded = min(next * from / to - filter.reach + 1 - inputStart, input.count)
        if unneeded > 0 {
            input.removeFirst(unneeded)
            inputStart += unneeded
        }
    }
}

extension Resampler {
    /// The filter's coefficients: a table for all phases if it is small enough, otherwise computed per sample.
    private final class Filter: Sendable {
        /// The number of input samples on either side of an output sample.
        let reach: Int
        private let to: Int
        private let kernel: Kernel
        private let phases: [Float]

        /// The maximum number of coefficients in the table.
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

        /// The output sample at a phase after the middle of the input samples that start at an index.
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

    /// A table of the windowed sinc function.
    private struct Kernel {
        /// The number of input samples on either side.
        let reach: Int
        private let table: [Float]
        /// Table entries per input sample.
        private static let resolution = 512
        private static let zeroCrossings: Float = 32
        /// The passed fraction of the band; the rest is the filter's transition band.
        private static let rolloff: Float = 0.92
        private static let beta: Float = 8

        /// Creates the kernel for a fraction of the input's band.
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

        /// The coefficients of the input samples around a time between two samples. Their sum is 1.
        func coefficients(_ fraction: Float) -> [Float] {
            var coefficients = (1 - reach...reach).map { value(at: abs(Float($0) - fraction)) }
            let sum = coefficients.reduce(0, +)
            for index in coefficients.indices { coefficients[index] /= sum }
            return coefficients
        }

        private func value(at time: Float) -> Float {
            let position = min(time, Float(reach)) * Float(Self.resolution)
            let index = Int(position)
            let rest = position - Float(index)
            return table[index] * (1 - rest) + table[index + 1] * rest
        }

        /// The modified Bessel function of the first kind and order 0, for the Kaiser window.
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
