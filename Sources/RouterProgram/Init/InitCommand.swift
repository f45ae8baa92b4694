import ArgumentParser
import ConfigSource
import EventRouter

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// `init`: writes a Swift package with rules and a handler.
struct InitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Creates a Swift package with a routes.yml, a program with a custom handler, and a recorded session.",
        discussion: """
            Example: realtime-router init voice-agent

            The command overwrites nothing: if one of the files already exists, it writes no files.
            """)

    @Argument(help: "The package's folder. It is created if it does not exist.")
    var folder = "."

    @Option(
        help: ArgumentHelp(
            "The package's dependency: a folder with a clone of realtime-router, or the repository's URL. "
                + "By default, the clone in which this program was built.", valueName: "place"))
    var package: String?

    func run() async throws {
        let source = try PackageDependency(package, for: FolderPath(folder))
        let written = try NewFileWriter(folder: folder).write(NewPackage(source).files)
        let change = folder == "." ? "" : "cd \(ShellWord.quoted(folder)) && "
        Terminal.print(
            written.map { "wrote \($0.printable)" }.joined(separator: "\n")
                + "\n\nNext: \(change.printable)swift run \(NewPackage.name) run \(NewPackage.sessionFile)")
    }
}

/// Writes new files: all of them, or none if one exists or cannot be written.
struct NewFileWriter {
    private let folder: String
    /// The files and folders created so far, in order.
    private var created: [Created] = []

    private enum Created {
        case folder(String)
        case file(String)
    }

    /// A writer for a folder. The folder is created if it does not exist.
    init(folder: String) { self.folder = folder }

    /// Writes files by their paths in the folder.
    ///
    /// - Returns: the paths relative to the current folder.
    /// - Throws: `ProgramExit` with exit code 2, or 3 if the disk is full. No file remains then.
    consuming func write(_ files: [(path: String, text: String)]) throws -> [String] {
        let paths = files.map { folder == "." ? $0.path : folder + "/" + $0.path }
        let present = paths.filter(Self.exists)
        guard present.isEmpty else {
            throw ProgramExit.unusable(
                present.map(\.printable).joined(separator: ", ")
                    + " \(present.count == 1 ? "is" : "are") there already; nothing was written")
        }
        do {
            for (path, file) in zip(paths, files) {
                try makeFolders(above: path)
                try write(file.text, to: path)
            }
        } catch {
            rollBack()
            throw error
        }
        return paths
    }

    private static func exists(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0
    }

    private mutating func makeFolders(above path: String) throws {
        for slash in path.indices.dropFirst() where path[slash] == "/" {
            let folder = String(path[..<slash])
            if mkdir(folder, 0o777) == 0 {
                created.append(.folder(folder))
            } else if errno != EEXIST {
                throw Self.failure("make the folder", folder)
            }
        }
    }

    private mutating func write(_ text: String, to path: String) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw Self.failure("write", path) }
        created.append(.file(path))
        let (_, code) = writeAll(Array(text.utf8), to: descriptor)
        let end = closeDurably(descriptor)
        if let code = code ?? end { throw Self.failure("write", path, code) }
    }

    private func rollBack() {
        for one in created.reversed() {
            switch one {
            case .folder(let path): rmdir(path)
            case .file(let path): unlink(path)
            }
        }
    }

    private static func failure(_ what: String, _ path: String, _ code: CInt = errno) -> ProgramExit {
        let failure = FileFailure("cannot \(what)", path.printable, code)
        return ProgramExit.of(failure, message: "\(failure)")
    }
}

/// Quotes words for a shell.
enum ShellWord {
    /// The word, in quotes unless it is plain.
    static func quoted(_ word: String) -> String {
        let isPlain = word.wholeMatch(of: /[A-Za-z0-9_.\/+][A-Za-z0-9_.\/+-]*/) != nil
        return isPlain ? word : "'" + word.replacing("'", with: #"'\''"#) + "'"
    }
}
