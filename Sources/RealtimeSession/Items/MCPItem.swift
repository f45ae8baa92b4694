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

    /// Reads an item; what an earlier event said of it stays where this one says nothing.
    init(_ item: ItemReader, _ event: borrowing EventReader, after earlier: MCPItem?) {
        serverLabel = event.text(at: item.serverLabel)
        tool = event.hasText(at: item.name) ? event.text(at: item.name) : earlier?.tool
        reason = Self.reason(item.error, event) ?? earlier?.reason
    }

    /// The reason from an `error`: an object, or the message alone.
    private static func reason(_ index: Int32, _ event: borrowing EventReader) -> Reason? {
        if event.hasText(at: index) { return Reason(message: event.text(at: index)) }
        guard let error = event.object(at: index) else { return nil }
        let type = error["type"]?.string
        let code = error["code"]?.int
        let message = error["message"]?.string ?? error["content"]?.description
        return Reason(message: message, type: type, code: code)
    }
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
