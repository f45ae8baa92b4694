import ArgumentParser
import RealtimeRouter

/// The options of every command that runs sessions through the rules to the handlers.
package struct RunOptions: ParsableArguments {
    @OptionGroup var routes: RoutesOption

    @OptionGroup var recordOptions: RecordOptions

    @Option(help: "The summary at the end: text or json.")
    var summary: OutputFormat = .text

    @Option(
        help: ArgumentHelp(
            "Where the story of every delivery goes, a line each; - for standard output.", valueName: "file"))
    var log: String?

    @Flag(help: "Match and count only: start no handler, deliver nothing.")
    var dryRun = false

    @OptionGroup var labelOptions: LabelOptions

    /// No options.
    package init() {}

    /// The options that want standard output for themselves; handlers and the text summary then go to standard error.
    func standardOutputTakers(outbound: String?) -> [String] {
        let all = [("--outbound -", outbound == "-"), ("--log -", log == "-"), ("--summary json", summary == .json)]
        return all.filter(\.1).map(\.0)
    }

    /// Makes sure that only one option wants standard output.
    func checkStandardOutput(outbound: String?) throws {
        let takers = standardOutputTakers(outbound: outbound)
        guard takers.count > 1 else { return }
        throw ValidationError("\(takers[0]) and \(takers[1]) both want standard output: give one of them a file")
    }
}
