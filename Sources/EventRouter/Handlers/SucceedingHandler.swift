/// A handler that can take the place of a running one of the same name, when the rules of a router are replaced.
///
/// Adopt it if the handler keeps something that only one can have at a time: a locked file, a port, a program that answers for it.
///
/// ## Contract
/// * ``start(succeeding:)`` is called in place of ``EventHandler/start()``. The predecessor has been started, still gets deliveries until
///   the rules are swapped, and goes on using what both share until it is stopped. Throwing leaves the predecessor as it was.
/// * ``finish()`` is called on the predecessor after its last delivery, and then ``EventHandler/stop()``.
/// * If the swap fails because of another handler, the successor is stopped and the predecessor goes on.
public protocol SucceedingHandler: EventHandler {
    /// Starts the handler, and takes over from the predecessor what only one can have.
    ///
    /// - Parameter predecessor: the handler of the same name that runs; it may be of another type, from which nothing can be taken over.
    /// - Throws: any error; the rules are not replaced then.
    func start(succeeding predecessor: any EventHandler) async throws

    /// Waits until everything has ended that the handler has begun.
    func finish() async
}

extension SucceedingHandler {
    /// Nothing goes on after `handle(_:)`.
    public func finish() async {}
}
