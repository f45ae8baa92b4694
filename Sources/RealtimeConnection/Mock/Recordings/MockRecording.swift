import EventJSON

/// What a mock endpoint plays to one client: a recorded session, or a script in YAML.
///
/// A recording is a file of JSON Lines: one server event per line, or the envelopes that `--record` writes. A script is a file that ends
/// in `.yml` or `.yaml`.
public struct MockRecording: Sendable {
    /// The largest recording that is read, in bytes.
    public static let maximumBytes = 1 << 30

    /// The path, for messages.
    public let path: String
    /// The model of the session; nil if the recording does not say it.
    public let model: String?
    /// What is played, in order.
    let steps: [MockStep]
    let dialect: MockDialect
    /// The session as the server first described it.
    let session: JSONObject
    /// The session with everything that the server described of it later.
    let latestSession: JSONObject
    /// Whether it is a script: then the mock answers by itself what a script does not mention.
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

    /// The file's name without its folder and ending: what the last part of a URL's path is compared with.
    public var name: String {
        let file = path.split(separator: "/").last ?? ""
        return file.lastIndex(of: ".").map { String(file[..<$0]) } ?? String(file)
    }
}
