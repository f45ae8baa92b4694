import ArgumentParser
import ConfigSource

/// A package of one's own to start from.
struct InitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Writes a package to start from: rules, a program with a handler of its own, a session to run.",
        discussion: """
            Example: realtime-router init voice-agent

            Nothing is ever overwritten: where one of the files is there already, nothing is written at all.
            """)

    @Argument(help: "The folder; it is made when it is not there.")
    var folder = "."

    @Option(
        help: ArgumentHelp(
            "What the new package depends on: a folder with realtime-router in it, or its repository's address. "
                + "By default the clone that this program was built in.", valueName: "place"))
    var package: String?

    func run() async throws {
        let source = try PackageSource(package, for: FolderPath(folder))
        let written = try NewFiles(folder: folder).write(NewPackage(source).files)
        let change = folder == "." ? "" : "cd \(ShellWord.quoted(folder)) && "
        Terminal.print(
            written.map { "wrote \($0.printable)" }.joined(separator: "\n")
                + "\n\nNext: \(change.printable)swift run \(NewPackage.name) run \(NewPackage.sessionFile)")
    }
}
