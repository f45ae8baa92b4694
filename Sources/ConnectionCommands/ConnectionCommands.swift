public import RouterProgram

/// The commands that hold connections, for `RouterProgram.main(handlers:commands:)`.
public enum ConnectionCommands {
    /// All of them.
    public static let all: [any ProgramCommand.Type] = [ConnectCommand.self, MockCommand.self, ProxyCommand.self]
}
