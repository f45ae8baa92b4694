package import ConfigSource

extension Node {
    /// Warns of every plain scalar in a value that other YAML readers take for something else (`yes`, `0x1F`, `010`).
    ///
    /// Keys are not looked at: they are always text.
    package func warnOfLookAlikes(_ diagnostics: Diagnostics) {
        switch content {
        case .scalar(let scalar):
            guard let message = scalar.lookAlike else { return }
            diagnostics.warning(message, at: self, help: scalar.lookAlikeHelp)
        case .list(let elements):
            for element in elements { element.warnOfLookAlikes(diagnostics) }
        case .mapping(let entries):
            for entry in entries { entry.value.warnOfLookAlikes(diagnostics) }
        }
    }
}
