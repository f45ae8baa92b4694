package import ConfigSource

/// Reads YAML into nodes with locations, through libyaml's event interface.
///
/// It supports the subset of YAML that a configuration needs: one document of at most 8 MiB, nested at most 32 levels
/// deep. Tags and merge keys are errors. Aliases are replaced by the nodes that they refer to, unless that adds more
/// than 10,000 nodes or a node contains itself. JSON is read too, because it is YAML.
package enum YAML {
    /// Reads the document of a file.
    ///
    /// Adds an error to `diagnostics` for each mistake. After some mistakes, such as a duplicate key or a string
    /// without quotes, it still returns the document, so that the caller can report further mistakes.
    ///
    /// - Returns: the document; nil if it cannot be read, which adds an error to `diagnostics`.
    package static func read(_ file: SourceFile, _ diagnostics: Diagnostics) -> Node? {
        if let problem = YAMLTextCheck.problem(of: file) {
            diagnostics.add(problem)
            return nil
        }
        let text = YAMLText(file)
        return file.bytes.withUnsafeBufferPointer { bytes -> Node? in
            let parser = LibYAMLParser(UnsafeBufferPointer(rebasing: bytes[file.textStart...]))
            var builder = YAMLTreeBuilder(text, parser, diagnostics)
            do throws(YAMLTreeBuilder.Stop) {
                return try builder.document()
            } catch {
                switch error {
                case .reported: break
                case .failure(let failure): diagnostics.add(builder.diagnostic(for: failure))
                }
                return nil
            }
        }
    }
}

extension SourceFile {
    /// Reads a configuration file. If it cannot be read, adds an error without a location and returns nil.
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
