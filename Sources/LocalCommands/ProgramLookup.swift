#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

extension LocalCommand {
    /// Finds the program, and checks that it can be run. Starts nothing.
    ///
    /// - Returns: the program's absolute path.
    /// - Throws: `LocalCommandError` with the code `emptyCommand`, `programNotFound`, `programNotExecutable`,
    ///   `argument` or `environment`.
    package func locateProgram() throws(LocalCommandError) -> String {
        try locateProgram(searchPath: environment.values()["PATH"])
    }

    func locateProgram(searchPath: String?) throws(LocalCommandError) -> String {
        guard let program = arguments.first, !program.isEmpty else {
            throw LocalCommandError(.emptyCommand, "no program to run: the command is empty")
        }
        try checkArguments()
        guard program.utf8.contains(UInt8(ascii: "/")) else {
            return try Self.search(program, searchPath ?? Self.standardSearchPath)
        }
        let path = try absolutePath(program)
        if let problem = Self.problem(ofProgram: path) { throw problem }
        return path
    }

    /// The working directory as an absolute path; nil if the command uses this process's own.
    func locateWorkingDirectory() throws(LocalCommandError) -> String? {
        guard let workingDirectory else { return nil }
        guard !workingDirectory.utf8.contains(0) else {
            throw LocalCommandError(.workingDirectory, "the working directory contains a NUL character")
        }
        let path = try absolutePath(workingDirectory)
        switch kind(ofFile: path) {
        case nil: throw LocalCommandError(.workingDirectory, "working directory \(path): no such folder")
        case S_IFDIR: break
        default: throw LocalCommandError(.workingDirectory, "working directory \(path): not a folder")
        }
        guard access(path, X_OK) == 0 else {
            throw LocalCommandError(.workingDirectory, "working directory \(path): may not be entered")
        }
        return path
    }

    /// Rejects NUL characters: the system ends an argument there, so the program would get an argument other than the
    /// checked one.
    private func checkArguments() throws(LocalCommandError) {
        for (index, argument) in arguments.enumerated() where argument.utf8.contains(0) {
            let name = index == 0 ? "the program's name" : "argument \(index)"
            throw LocalCommandError(.argument, "\(name) contains a NUL character")
        }
    }

    /// The child process changes its working directory before it executes the program, so paths have to be absolute.
    private func absolutePath(_ path: String) throws(LocalCommandError) -> String {
        if path.utf8.first == UInt8(ascii: "/") { return path }
        let based = baseFolder.isEmpty || baseFolder == "." ? path : "\(baseFolder)/\(path)"
        if based.utf8.first == UInt8(ascii: "/") { return based }
        guard let current = getcwd(nil, 0) else {
            throw LocalCommandError(.system, "the current folder cannot be found")
        }
        defer { free(current) }
        return "\(String(cString: current))/\(based)"
    }

    private static let standardSearchPath = "/usr/bin:/bin"

    /// The paths of the programs that enforce ``resources``; nil for those that are not needed.
    struct Wrappers {
        var limiter: String?
        var sandbox: String?
    }

    /// Finds the programs that enforce ``resources``.
    func locateWrappers(searchPath: String?) throws(LocalCommandError) -> Wrappers {
        var wrappers = Wrappers()
        if !resources.options.isEmpty {
            wrappers.limiter = try Self.wrapper(
                CommandResources.program, searchPath, "limits are set by", "on Linux it comes with util-linux")
        }
        if let sandbox = resources.sandbox {
            wrappers.sandbox = try Self.wrapper(
                sandbox.program, searchPath, "the sandbox is made by", "on Debian it comes with bubblewrap")
        }
        return wrappers
    }

    private static func wrapper(
        _ program: String, _ searchPath: String?, _ purpose: String, _ help: String
    ) throws(LocalCommandError) -> String {
        do throws(LocalCommandError) {
            return try search(program, searchPath ?? standardSearchPath)
        } catch {
            throw LocalCommandError(
                error.code, "\(purpose) the program `\(program)`, which no folder in PATH has; \(help)")
        }
    }

    /// Skips empty and relative folders in PATH: which program runs must not depend on the current folder.
    private static func search(_ name: String, _ searchPath: String) throws(LocalCommandError) -> String {
        var nearMiss: LocalCommandError?
        for folder in searchPath.split(separator: ":") where folder.utf8.first == UInt8(ascii: "/") {
            let path = "\(folder)/\(name)"
            guard let problem = problem(ofProgram: path) else { return path }
            if problem.code == .programNotExecutable { nearMiss = nearMiss ?? problem }
        }
        throw nearMiss
            ?? LocalCommandError(.programNotFound, "\(name): no such program in PATH (\(searchPath))")
    }

    private static func problem(ofProgram path: String) -> LocalCommandError? {
        switch kind(ofFile: path) {
        case nil: LocalCommandError(.programNotFound, "\(path): no such program")
        case S_IFDIR: LocalCommandError(.programNotExecutable, "\(path): a folder, not a program")
        case S_IFREG where access(path, X_OK) == 0: nil
        case S_IFREG: LocalCommandError(.programNotExecutable, "\(path): not executable (chmod +x would make it so)")
        default: LocalCommandError(.programNotExecutable, "\(path): not a program")
        }
    }
}

/// The file type bits of the file at a path, with links followed; nil if there is none.
private func kind(ofFile path: String) -> mode_t? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    return status.st_mode & S_IFMT
}

extension LocalCommand {
    /// A warning about a command for the person who configured it.
    package struct Concern: Sendable, Hashable {
        /// What is wrong.
        package var message: String
        /// What to do about it.
        package var help: String?
    }

    /// Why this machine cannot enforce the command's ``resources``; nil if it can, or if there are none.
    package func resourceProblem() -> LocalCommandError? {
        do throws(LocalCommandError) {
            _ = try locateWrappers(searchPath: environment.values()["PATH"])
            return nil
        } catch {
            return error
        }
    }

    /// A warning about the program or the working directory; nil if nothing is wrong. Starts nothing.
    ///
    /// The program is missing or not executable, or every user of the machine can replace it.
    package func concern() -> Concern? {
        do {
            let program = try locateProgram()
            _ = try locateWorkingDirectory()
            return Self.writabilityWarning(of: program)
        } catch  where error.code == .programNotFound && arguments.first?.contains("/") == false {
            return Concern(
                message: "no folder in PATH has the program `\(arguments[0])`",
                help: "install it, or write its path, relative to the folder of this file")
        } catch {
            return Concern(message: error.description, help: nil)
        }
    }

    private static func writabilityWarning(of program: String) -> Concern? {
        var status = stat()
        if stat(program, &status) == 0, status.st_mode & S_IWOTH != 0 {
            return Concern(message: "everybody on this machine can change \(program)", help: "chmod o-w \(program)")
        }
        let folder = String(program[..<(program.lastIndex(of: "/") ?? program.startIndex)])
        // In a folder with the sticky bit, only a file's owner can replace it.
        if stat(folder, &status) == 0, status.st_mode & S_IWOTH != 0, status.st_mode & S_ISVTX == 0 {
            return Concern(message: "everybody on this machine can replace \(program)", help: "chmod o-w \(folder)")
        }
        return nil
    }
}
