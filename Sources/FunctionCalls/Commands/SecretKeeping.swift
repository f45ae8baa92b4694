import EventRouter

/// Something that runs a program which knows values of environment variables.
protocol SecretKeeping {
    /// What the program inherits and may print.
    var secrets: SecretValues { get }
}

extension CommandExecutor: SecretKeeping {}
extension WorkerExecutor: SecretKeeping {}
