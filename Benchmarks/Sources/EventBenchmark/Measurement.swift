#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The result of one pass over a corpus. All programs in a row of the benchmark have to get the same result, so none
/// can skip work.
struct Findings: Equatable {
    /// The number of events or texts.
    var count = 0
    /// Named sums over the corpus.
    var sums: [(name: String, value: Int)] = []

    static func == (left: Findings, right: Findings) -> Bool {
        left.count == right.count && left.sums.elementsEqual(right.sums) { $0 == $1 }
    }
}

/// Repeats a pass for at least 0.7 s, and prints the median time.
enum Measurement {
    /// The least total time of all passes, in seconds.
    private static let minSeconds = 0.7

    static func run(bytes: Int, passes: Int?, _ pass: () throws -> Findings) throws {
        let findings = try pass()
        var times: [Double] = []
        while passes.map({ times.count < $0 }) ?? (times.count < 3 || times.reduce(0, +) < minSeconds) {
            let begin = processorSeconds
            guard try pass() == findings else { throw Failure("two passes had different findings") }
            times.append(processorSeconds - begin)
        }
        let sums = findings.sums.map { #""\#($0.name)":\#($0.value)"# }.joined(separator: ",")
        let seconds = times.isEmpty ? 0 : times.sorted()[times.count / 2]
        print(#"{"seconds":\#(seconds),"bytes":\#(bytes),"count":\#(findings.count),"found":{\#(sums)}}"#)
    }

    /// The processor time of this process. Other load on the machine affects it less than elapsed time.
    private static var processorSeconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
