package import ConfigSource

/// Reads YAML into marked nodes, through libyaml's event interface.
///
/// It reads what a configuration needs, and no more: one document of at most 8 MiB, nested at most 32 levels deep. Tags and
/// merge keys are refused. Aliases are replaced by what they refer to, as long as that adds no more than 10,000 nodes and
/// nothing contains itself. JSON is YAML, so it is read too.
package enum YAML {
    /// The document of a file.
    ///
    /// Whatever is wrong becomes an error in `diagnostics`, in words that say what to write instead. When the document can be
    /// understood all the same (a key that stands twice, a text that needs quotes), it is returned, so that one look shows the
    /// other mistakes too. Nil means that it cannot; then there is an error.
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
