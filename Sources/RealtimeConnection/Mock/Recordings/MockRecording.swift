import EventJSON

/// The session that a mock endpoint plays to a client: a recorded session, or a YAML script.
///
/// A recording is a JSON Lines file with one server event per line, or with the envelopes that `--record` writes. A script is a file with
/// the extension `.yml` or `.yaml`.
public struct MockRecording: Sendable {
    /// The maximum size of a recording, in bytes.
    public static let maximumBytes = 1 << 30

    /// The file's path, for messages.
    public let path: String
    /// The model of the session; nil if the recording does not contain it.
    public let model: String?
    /// The steps to play, in order.
    let steps: [MockStep]
    let dialect: MockDialect
    /// The session in the server's first event that contains it.
    let session: JSONObject
    /// The session with all later changes that the server sent.
    let latestSession: JSONObject
    /// Whether this is a script. The mock itself answers the client events that a script does not mention.
    let isScript: Bool

    init(
        path: String, steps: [MockStep], session: JSONObject, latestSession: JSONObject? = nil, dialect: MockDialect,
        isScript: Bool
    ) {
        self.path = path
        self.steps = steps
        self.session = session
        self.latestSession = latestSession ?? session
        self.dialect = dialect
        self.isScript = isScript
        model = session["model"]?.string
    }

    /// The file name without folder and extension, which ``MockServerOptions/Selection/path`` compares with the URL.
    public var name: String {
        let file = path.split(separator: "/").last ?? ""
        return file.lastIndex(of: ".").map { String(file[..<$0]) } ?? String(file)
    }
}
