public import RouterProgram

/// The commands that open or accept connections, for `RouterProgram.main(handlers:commands:)`.
public enum ConnectionCommands {
    /// `connect`, `mock` and `proxy`.
    public static let all: [any ProgramCommand.Type] = [ConnectCommand.self, MockCommand.self, ProxyCommand.self]
}
