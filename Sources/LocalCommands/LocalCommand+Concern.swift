#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

extension LocalCommand {
    /// What the person who configured a command should know before it is run.
    package struct Concern: Sendable, Hashable {
        /// What is wrong.
        package var message: String
        /// What to do about it.
        package var help: String?
    }

    /// Why this machine cannot hold the command to its ``resources``; nil when it can, or there are none.
    package func resourceProblem() -> LocalCommandError? {
        do throws(LocalCommandError) {
            _ = try locateWrappers(searchPath: environment.values()["PATH"])
            return nil
        } catch {
            return error
        }
    }

    /// What is wrong with the program or the working directory, if anything; starts nothing.
    ///
    /// The program is missing or not executable, or everybody on the machine can replace it.
    package func concern() -> Concern? {
        do {
            let program = try locateProgram()
            _ = try locateWorkingDirectory()
            return Self.openness(of: program)
        } catch  where error.code == .programNotFound && arguments.first?.contains("/") == false {
            return Concern(
                message: "no folder in PATH has the program `\(arguments[0])`",
                help: "install it, or write its path, relative to the folder of this file")
        } catch {
            return Concern(message: error.description, help: nil)
        }
    }

    private static func openness(of program: String) -> Concern? {
        var status = stat()
        if stat(program, &status) == 0, status.st_mode & S_IWOTH != 0 {
            return Concern(message: "everybody on this machine can change \(program)", help: "chmod o-w \(program)")
        }
        let folder = String(program[..<(program.lastIndex(of: "/") ?? program.startIndex)])
        // In a folder with the sticky bit only its owner can replace a file.
        if stat(folder, &status) == 0, status.st_mode & S_IWOTH != 0, status.st_mode & S_ISVTX == 0 {
            return Concern(message: "everybody on this machine can replace \(program)", help: "chmod o-w \(folder)")
        }
        return nil
    }
}
