import ArgumentParser
import ConfigSource
import EventRouter

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

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

/// Writes files that were not there before: all of them, or none.
struct NewFiles {
    private let folder: String
    /// What was made so far, in that order.
    private var made: [Made] = []

    private enum Made {
        case folder(String)
        case file(String)
    }

    /// Files for a folder, which is made when it is not there.
    init(folder: String) { self.folder = folder }

    /// Writes files, by their paths in the folder.
    ///
    /// - Returns: the paths as they are shown.
    /// - Throws: `ProgramEnding` with exit code 2, or 3 when the disk is full; then nothing was written.
    consuming func write(_ files: [(path: String, text: String)]) throws -> [String] {
        let paths = files.map { folder == "." ? $0.path : folder + "/" + $0.path }
        let present = paths.filter(Self.isThere)
        guard present.isEmpty else {
            throw ProgramEnding.unusable(
                present.map(\.printable).joined(separator: ", ")
                    + " \(present.count == 1 ? "is" : "are") there already; nothing was written")
        }
        do {
            for (path, file) in zip(paths, files) {
                try makeFolders(above: path)
                try write(file.text, to: path)
            }
        } catch {
            takeBack()
            throw error
        }
        return paths
    }

    private static func isThere(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0
    }

    private mutating func makeFolders(above path: String) throws {
        for slash in path.indices.dropFirst() where path[slash] == "/" {
            let folder = String(path[..<slash])
            if mkdir(folder, 0o777) == 0 {
                made.append(.folder(folder))
            } else if errno != EEXIST {
                throw Self.failure("make the folder", folder)
            }
        }
    }

    private mutating func write(_ text: String, to path: String) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw Self.failure("write", path) }
        made.append(.file(path))
        let (_, code) = writeAll(Array(text.utf8), to: descriptor)
        let end = closeDurably(descriptor)
        if let code = code ?? end { throw Self.failure("write", path, code) }
    }

    private func takeBack() {
        for one in made.reversed() {
            switch one {
            case .folder(let path): rmdir(path)
            case .file(let path): unlink(path)
            }
        }
    }

    private static func failure(_ what: String, _ path: String, _ code: CInt = errno) -> ProgramEnding {
        let failure = FileFailure("cannot \(what)", path.printable, code)
        return ProgramEnding.of(failure, message: "\(failure)")
    }
}

/// Words as one writes them in a shell.
enum ShellWord {
    /// The word, in quotes where a shell would read more into it.
    static func quoted(_ word: String) -> String {
        let isPlain = word.wholeMatch(of: /[A-Za-z0-9_.\/+][A-Za-z0-9_.\/+-]*/) != nil
        return isPlain ? word : "'" + word.replacing("'", with: #"'\''"#) + "'"
    }
}
