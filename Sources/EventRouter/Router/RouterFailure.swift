/// A router that can't do what it was asked for, with the reason.
public struct RouterFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// What went wrong and what to do.
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}

extension RouterFailure {
    static let notStarted = RouterFailure("the router was not started: call start() first")
}
