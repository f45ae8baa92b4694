/// An executor that has something to keep running while its handler does.
protocol StandingExecutor: Sendable {
    /// Starts it; does nothing when it runs.
    func start()

    /// Ends it, and waits for the end.
    func stop() async
}
