public import ArgumentParser
public import RealtimeConnection

extension ListenAddress: ExpressibleByArgument {
    /// Reads an address from an argument; nil if it is none.
    public init?(argument: String) { self.init(argument) }
}
