public import ConfigSource

/// What a source's factory gets: the options that stand in routes.yml, and what they are relative to.
public struct SourceOptions {
    /// The name of this source in routes.yml.
    public let name: String
    /// The options. What the factory does not ask for is reported as unknown.
    public var section: Section
    /// The place where the source is going to run.
    public let surroundings: HandlerSurroundings

    /// Makes the options of one source.
    public init(name: String, section: Section, surroundings: HandlerSurroundings = HandlerSurroundings()) {
        self.name = name
        self.section = section
        self.surroundings = surroundings
    }

    /// The value of a declared option: its default, or nil, when it is absent; an error and the same when it is wrong.
    public mutating func read<Value>(_ key: SectionKey<Value>) -> Value { section.read(key) }

    /// The place to report what is wrong.
    public var diagnostics: Diagnostics { section.diagnostics }

    /// The folder that files to read are relative to; `.` for the current one.
    public var folder: String { surroundings.folder }

    /// The path of a file to read, ready to be opened.
    public func inputPath(_ path: String) -> String { surroundings.inputPath(path) }
}
