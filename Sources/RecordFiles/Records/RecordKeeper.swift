/// A store of session records that can forget them.
///
/// Forgetting works while routers write, also from another program, and does not require the store to be started.
public protocol RecordKeeper: Sendable {
    /// Forgets the records of a session, and of the sessions that followed it in the same source (`KEY#2` and so on).
    ///
    /// - Parameter session: The session's key.
    /// - Returns: The number of forgotten records.
    /// - Throws: An error that says why forgetting failed. Some records may remain.
    func forget(session: String) throws -> Int

    /// Forgets the records from before a time. Records without a time remain.
    ///
    /// - Parameter time: The time in seconds since 1970-01-01T00:00:00Z.
    /// - Returns: The number of forgotten records.
    /// - Throws: An error that says why forgetting failed. Some records may remain.
    func forget(before time: Double) throws -> Int
}

/// The keys of the sessions of one source.
public struct SessionFamily: Sendable {
    /// The key of the first session.
    public let key: String

    /// Creates the family of the source whose first session has this key.
    public init(_ key: String) { self.key = key }

    /// Whether a session belongs to the family.
    public func contains(_ session: String) -> Bool {
        guard session.hasPrefix(key) else { return false }
        let rest = session.dropFirst(key.count)
        return rest.isEmpty || (rest.first == "#" && rest.count > 1 && rest.dropFirst().allSatisfy(\.isNumber))
    }

    /// The number of sessions of one source whose file names are tried.
    private static let mostNamed = 100_000

    /// The file names that may belong to the family's sessions.
    ///
    /// - Parameter names: The names of existing files. If none of them looks like that of a later session, only the
    ///   first session's name is returned.
    func fileNames(among names: [Substring]) -> Set<String> {
        let first = SafeFileName(key).description
        // A hash cannot be reversed, so the names of later sessions are computed, but only if a file's name begins like
        // one. Usually there is none.
        let start = SafeFileName(key + "#").description.dropLast(16).prefix(40)
        guard names.contains(where: { $0 != first && $0.hasPrefix(start) }) else { return [first] }
        return Set([first] + (2...Self.mostNamed).map { SafeFileName("\(key)#\($0)").description })
    }
}
