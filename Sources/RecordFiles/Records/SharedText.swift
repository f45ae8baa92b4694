/// A file for people in which many sessions stand: nobody can tell which of its lines are whose.
package struct SharedText: RecordKeeper {
    private let path: String

    /// The text in a file; `-` holds none.
    package init(path: String) {
        self.path = path
    }

    /// Cannot forget one session.
    ///
    /// - Throws: ``FileFailure`` when there is such a file.
    package func forget(session: String) throws -> Int {
        guard !isStream, try !FilePattern(path).files().isEmpty else { return 0 }
        throw FileFailure(
            "cannot take one session out of", path, "it has many, and nobody can tell which lines are whose")
    }

    /// Removes the file, and those that it was renamed to, when nobody wrote to them since a time.
    ///
    /// - Throws: ``FileFailure`` when one cannot be removed.
    package func forget(before time: Double) throws -> Int {
        try isStream ? 0 : FilePattern(path).remove(unwrittenSince: time)
    }

    private var isStream: Bool { path == "-" || path == LineFile.standardError }
}
