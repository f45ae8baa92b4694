public import ConfigSource

/// The options of what a ``HandlerRegistry`` makes by a name in routes.yml: a handler, a source, or the executor of a function.
public protocol PluginOptions {
    /// The name in routes.yml.
    var name: String { get }
    /// The options. What the factory does not ask for is reported as unknown.
    var section: Section { get set }
    /// The place where the router runs.
    var surroundings: HandlerSurroundings { get }
}

extension PluginOptions {
    /// The value of a declared option: its default, or nil, when it is absent; an error and the same when it is wrong.
    public mutating func read<Value>(_ key: SectionKey<Value>) -> Value { section.read(key) }

    /// The place to report what is wrong.
    public var diagnostics: Diagnostics { section.diagnostics }

    /// The time to go by.
    public var clock: any RouterClock { surroundings.clock }

    /// The folder that programs and files to read are relative to; `.` for the current one.
    public var folder: String { surroundings.folder }

    /// The path of a file to read, ready to be opened.
    public func inputPath(_ path: String) -> String { surroundings.inputPath(path) }

    /// The file to read that a declared option names, ready to be opened; nil when there is none.
    public mutating func inputPath(_ key: SectionKey<String?>) -> String? {
        read(key).map { surroundings.inputPath($0) }
    }

    /// The file to write to that a declared option names, ready for `LineFile`; nil when there is none.
    public mutating func outputPath(_ key: SectionKey<String?>) -> String? {
        read(key).map { surroundings.outputPath($0) }
    }

    /// The file to write to that a declared option names, or its default, ready for `LineFile`.
    public mutating func outputPath(_ key: SectionKey<String>) -> String { surroundings.outputPath(read(key)) }
}
