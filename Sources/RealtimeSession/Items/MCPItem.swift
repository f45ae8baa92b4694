internal import EventJSON
internal import RealtimeEvents

/// What an item says of a call of an MCP tool, or of the list of an MCP server's tools.
struct MCPItem: Sendable {
    /// Why it failed.
    struct Reason: Sendable {
        var message: String?
        var type: String?
        var code: Int?
    }

    /// The label that the session's configuration has for the MCP server.
    var serverLabel: String
    /// The tool that is called; nil for a list of tools.
    var tool: String?
    var reason: Reason?
}

/// An MCP failure whose reason has not come.
struct MCPFailure: Sendable {
    let item: IDKey
    let itemID: String?
    let code: String
    let turn: Int
    /// The event that said that it failed.
    let cause: EventCause
    /// When it is raised without a reason; infinity without times.
    let deadline: Double
}
