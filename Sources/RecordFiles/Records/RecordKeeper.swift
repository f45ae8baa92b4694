/// Something that keeps records of sessions, and can be told to forget.
///
/// Forgetting may be asked for while routers write, from another program too, and needs no start.
public protocol RecordKeeper: Sendable {
    /// Forgets what it has of a session, and of those that followed it in the same source (`KEY#2` and so on).
    ///
    /// - Parameter session: the session's key.
    /// - Returns: how many records there were.
    /// - Throws: what says why it cannot; something may be left then.
    func forget(session: String) throws -> Int

    /// Forgets what was recorded before a time, as far as records tell their time.
    ///
    /// - Parameter time: seconds since 1970-01-01T00:00:00Z.
    /// - Returns: how many records there were.
    /// - Throws: what says why it cannot; something may be left then.
    func forget(before time: Double) throws -> Int
}

/// The keys of the sessions of one source.
public struct SessionFamily: Sendable {
    /// The key of the first one.
    public let key: String

    /// Those of the source whose first session has a key.
    public init(_ key: String) { self.key = key }

    /// Whether a session is one of them.
    public func contains(_ session: String) -> Bool {
        guard session.hasPrefix(key) else { return false }
        let rest = session.dropFirst(key.count)
        return rest.isEmpty || (rest.first == "#" && rest.count > 1 && rest.dropFirst().allSatisfy(\.isNumber))
    }

    /// As many sessions of one source are looked for where each has a file.
    private static let mostNamed = 100_000

    /// Those of some names of files that may be made of their keys.
    func fileNames(among names: [Substring]) -> Set<String> {
        let first = SafeFileName(key).description
        // A name with a hash in it cannot be read back. How those of the others begin is known, and most often there are none.
        let start = SafeFileName(key + "#").description.dropLast(16).prefix(40)
        guard names.contains(where: { $0 != first && $0.hasPrefix(start) }) else { return [first] }
        return Set([first] + (2...Self.mostNamed).map { SafeFileName("\(key)#\($0)").description })
    }
}
