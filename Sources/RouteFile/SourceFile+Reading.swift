import ConfigSource

extension SourceFile {
    /// A configuration file from the disk, or nil and an error without a file.
    static func read(_ path: String, _ diagnostics: Diagnostics) -> SourceFile? {
        do throws(ReadingError) {
            return try SourceFile(reading: path, limit: YAMLLimits.maximumBytes)
        } catch {
            switch error {
            case .system(let reason): diagnostics.error("cannot read \(path): \(reason)")
            case .folder:
                diagnostics.error(
                    "cannot read \(path): it is a folder", help: "give the file itself: `\(path)/routes.yml`")
            case .tooLarge(let size):
                diagnostics.add(YAMLTextCheck.tooLarge(SourceFile(path: path, bytes: []), size))
            }
            return nil
        }
    }
}
