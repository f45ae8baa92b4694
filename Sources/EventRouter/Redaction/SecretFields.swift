/// Fields of events whose values are credentials: nobody is shown them.
public enum SecretFields {
    private static let names: Set<String> = ["authorization", "headers", "client_secret", "api_key"]

    /// Whether what stands under a path is a credential, or lies within one.
    public static func holds(_ path: [String]) -> Bool { path.contains { names.contains($0) } }
}
