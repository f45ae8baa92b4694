/// Runs one task over one corpus. Prints a JSON line with the time and the findings.
///
/// `EventBenchmark TASK CORPUS [RULES] [--passes N]`
@main
struct EventBenchmark {
    static func main() throws {
        var arguments = Array(CommandLine.arguments.dropFirst())
        var passes: Int?
        if let option = arguments.firstIndex(of: "--passes"), option + 1 < arguments.count {
            passes = Int(arguments[option + 1])
            arguments.removeSubrange(option...option + 1)
        }
        guard arguments.count >= 2 else { throw Failure("usage: EventBenchmark TASK CORPUS [RULES] [--passes N]") }
        let corpus = try Corpus(path: arguments[1])
        let rules = arguments.count > 2 ? arguments[2] : nil
        switch arguments[0] {
        case "decode": try DecodingTask().run(corpus, passes)
        case "match": try MatchingTask(rulesPath: rules).run(corpus, passes)
        case "typed": try TypedTask(corpus).run(passes)
        case "typed-foundation": try TypedTask(corpus).runFoundation(passes)
        case "base64": try Base64Task(corpus).run(passes)
        case "base64-foundation": try Base64Task(corpus).runFoundation(passes)
        default: throw Failure("there is no task \(arguments[0])")
        }
    }
}
