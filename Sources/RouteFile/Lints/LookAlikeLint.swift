package import ConfigSource

/// Warns about plain scalars in a routes.yml that other YAML parsers read differently.
enum LookAlikeLint {
    /// Checks the whole file except patterns and lists, where such scalars are errors.
    static func check(_ root: Node, _ diagnostics: Diagnostics) {
        let warnings = Diagnostics()
        for entry in root.entries ?? [] where entry.name != "lists" {
            guard entry.name == "routes" else {
                entry.value.warnOfLookAlikes(warnings)
                continue
            }
            for route in entry.value.list ?? [] {
                for entry in route.entries ?? [] where entry.name != "match" { entry.value.warnOfLookAlikes(warnings) }
            }
        }
        // A value with an error needs no warning.
        let errorLocations = Set(diagnostics.items.compactMap { $0.severity == .error ? $0.location : nil })
        for warning in warnings.items where warning.location.map({ !errorLocations.contains($0) }) ?? true {
            diagnostics.add(warning)
        }
    }
}

extension Node {
    /// Warns about every plain scalar in a value that other YAML parsers read differently (`yes`, `0x1F`, `010`).
    ///
    /// Keys are not checked, because they are always text.
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
