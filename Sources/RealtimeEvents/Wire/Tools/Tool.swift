public import EventJSON

/// A tool that the model may call: a function of the client, or an MCP server. Realtime API, GA and beta.
public struct Tool: WireObject {
    /// Whether the tool is a function or an MCP server.
    public var type: ToolType?
    /// The function's name.
    public var name: String?
    /// What the function does.
    public var description: String?
    /// The JSON Schema of its arguments.
    public var parameters: JSONValue?
    /// The MCP server's label in events. GA.
    public var serverLabel: String?
    /// The MCP server's URL. GA.
    public var serverURL: String?
    /// A service connector that replaces the URL. GA.
    public var connectorID: ConnectorID?
    /// A tunnel that replaces the URL. GA.
    public var tunnelID: String?
    /// The MCP server's purpose. GA.
    public var serverDescription: String?
    /// The token for the MCP server. GA.
    public var authorization: SecretString?
    /// Headers for the MCP server. GA.
    public var headers: [String: SecretString]?
    /// The MCP server's tools that may be called. GA.
    public var allowedTools: AllowedTools?
    /// The MCP server's tools that need the client's approval. GA.
    public var requireApproval: RequiredApproval?
    /// Who may call the tool. GA.
    public var allowedCallers: [ToolCaller]?
    /// Whether the MCP server's tools are listed only when they are needed. GA.
    public var deferLoading: Bool?

    /// An object whose fields are all nil.
    public init() {}

    /// Encodes or decodes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        coder.field("type", &type)
        coder.field("name", &name)
        coder.field("description", &description)
        coder.field("parameters", &parameters)
        coder.field("server_label", &serverLabel)
        coder.field("server_url", &serverURL)
        coder.field("connector_id", &connectorID)
        coder.field("tunnel_id", &tunnelID)
        coder.field("server_description", &serverDescription)
        coder.field("authorization", &authorization)
        coder.field("headers", &headers)
        coder.field("allowed_tools", &allowedTools)
        coder.field("require_approval", &requireApproval)
        coder.field("allowed_callers", &allowedCallers)
        coder.field("defer_loading", &deferLoading)
    }
}

/// The kind of a tool.
public struct ToolType: WireString {
    /// The text on the wire.
    public let rawValue: String

    /// A value from its text on the wire.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// A function of the client.
    public static let function: ToolType = "function"
    /// An MCP server.
    public static let mcp: ToolType = "mcp"

    /// The values that the protocol names.
    public static let known: [ToolType] = [.function, .mcp]
}

/// Who may call an MCP server's tools.
public struct ToolCaller: WireString {
    /// The text on the wire.
    public let rawValue: String

    /// A value from its text on the wire.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// The model.
    public static let direct: ToolCaller = "direct"
    /// Code that the model wrote.
    public static let programmatic: ToolCaller = "programmatic"

    /// The values that the protocol names.
    public static let known: [ToolCaller] = [.direct, .programmatic]
}

/// A service that is connected as an MCP server.
public struct ConnectorID: WireString {
    /// The text on the wire.
    public let rawValue: String

    /// A value from its text on the wire.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// Dropbox.
    public static let dropbox: ConnectorID = "connector_dropbox"
    /// Gmail.
    public static let gmail: ConnectorID = "connector_gmail"
    /// Google Calendar.
    public static let googlecalendar: ConnectorID = "connector_googlecalendar"
    /// Google Drive.
    public static let googledrive: ConnectorID = "connector_googledrive"
    /// Microsoft Teams.
    public static let microsoftteams: ConnectorID = "connector_microsoftteams"
    /// Outlook Calendar.
    public static let outlookcalendar: ConnectorID = "connector_outlookcalendar"
    /// Outlook Email.
    public static let outlookemail: ConnectorID = "connector_outlookemail"
    /// SharePoint.
    public static let sharepoint: ConnectorID = "connector_sharepoint"

    /// The values that the protocol names.
    public static let known: [ConnectorID] = [
        .dropbox, .gmail, .googlecalendar, .googledrive, .microsoftteams, .outlookcalendar, .outlookemail,
        .sharepoint,
    ]
}

/// Which tools of an MCP server may be called: names or a filter.
public typealias AllowedTools = PlainOrObject<[String], ToolFilter>

/// Which tools of an MCP server need approval: all, none or a filter.
public typealias RequiredApproval = PlainOrObject<ApprovalPolicy, ApprovalFilter>

/// Some tools of an MCP server. Realtime API, GA.
public struct ToolFilter: WireObject {
    /// The tools with these names.
    public var toolNames: [String]?
    /// The tools that change nothing.
    public var readOnly: Bool?

    /// An object whose fields are all nil.
    public init() {}

    /// Encodes or decodes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        coder.field("tool_names", &toolNames)
        coder.field("read_only", &readOnly)
    }
}

/// Which tools need approval. Realtime API, GA.
public struct ApprovalFilter: WireObject {
    /// The tools that always need approval.
    public var always: ToolFilter?
    /// The tools that never need approval.
    public var never: ToolFilter?

    /// An object whose fields are all nil.
    public init() {}

    /// Encodes or decodes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        coder.field("always", &always)
        coder.field("never", &never)
    }
}

/// Whether tools need approval.
public struct ApprovalPolicy: WireString {
    /// The text on the wire.
    public let rawValue: String

    /// A value from its text on the wire.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// All tools need approval.
    public static let always: ApprovalPolicy = "always"
    /// No tool needs approval.
    public static let never: ApprovalPolicy = "never"

    /// The values that the protocol names.
    public static let known: [ApprovalPolicy] = [.always, .never]
}
