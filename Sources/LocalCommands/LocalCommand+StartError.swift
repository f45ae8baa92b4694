import Subprocess

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif
#if canImport(System)
    import System
#else
    import SystemPackage
#endif

extension LocalCommand {
    /// What went wrong when a program that is there and executable could not be started.
    ///
    /// Errors that are not the library's are clear already.
    func startError(_ error: any Error, _ program: String) -> any Error {
        guard let error = error as? SubprocessError else { return error }
        switch error.underlyingError {
        case Errno.execFormatError?:
            return LocalCommandError(
                .programNotExecutable,
                "\(program): neither a program for this system nor a script that begins with a line such as #!/bin/sh")
        case Errno.argListTooLong?:
            return LocalCommandError(
                .argument, "\(program): the arguments are too long for the system; standard input has no such limit")
        default: break
        }
        switch error.code {
        case .executableNotFound:
            return LocalCommandError(
                .programNotExecutable, "\(program): cannot be run; the interpreter that its first line names is missing"
            )
        case .failedToChangeWorkingDirectory:
            return LocalCommandError(
                .workingDirectory, "working directory \(workingDirectory ?? "."): cannot be entered")
        default:
            let reason = error.underlyingError.map { "\($0)" } ?? "\(error)"
            return LocalCommandError(.system, "\(program): cannot be started: \(reason)")
        }
    }
}
