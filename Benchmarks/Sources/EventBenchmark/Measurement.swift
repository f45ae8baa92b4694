#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// What one pass over a corpus found. Every contestant of a row has to find the same, so that none skips the work.
struct Findings: Equatable {
    /// Events, or texts.
    var count = 0
    /// Named sums, in their order.
    var sums: [(name: String, value: Int)] = []

    static func == (left: Findings, right: Findings) -> Bool {
        left.count == right.count && left.sums.elementsEqual(right.sums) { $0 == $1 }
    }
}

/// Repeats a pass until the clock can tell it from noise, and prints what it took.
enum Measurement {
    /// Passes are repeated until they took as long as this.
    private static let enough = 0.7

    static func run(bytes: Int, passes: Int?, _ pass: () throws -> Findings) throws {
        let findings = try pass()
        var times: [Double] = []
        while passes.map({ times.count < $0 }) ?? (times.count < 3 || times.reduce(0, +) < enough) {
            let begin = processorSeconds
            guard try pass() == findings else { throw Failure("two passes found different things") }
            times.append(processorSeconds - begin)
        }
        let sums = findings.sums.map { #""\#($0.name)":\#($0.value)"# }.joined(separator: ",")
        let seconds = times.isEmpty ? 0 : times.sorted()[times.count / 2]
        print(#"{"seconds":\#(seconds),"bytes":\#(bytes),"count":\#(findings.count),"found":{\#(sums)}}"#)
    }

    /// The processor time of this program: what others do on the machine touches it least.
    private static var processorSeconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
