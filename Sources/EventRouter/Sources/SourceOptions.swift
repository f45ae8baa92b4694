public import ConfigSource

/// What a source's factory gets: the options that stand in routes.yml, and what they are relative to.
public struct SourceOptions: PluginOptions {
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
}
