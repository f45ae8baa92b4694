import Dispatch
import HTTPService
public import NIOCore
import NIOPosix

/// The threads that connections are read and written on. No handler's code runs there.
public final class ConnectionThreads: Sendable {
    let group: MultiThreadedEventLoopGroup

    /// Starts the threads.
    ///
    /// - Parameter count: how many; each carries a share of the connections.
    public init(count: Int = 1) {
        group = MultiThreadedEventLoopGroup(numberOfThreads: max(1, count))
        for loop in group.makeIterator() { loop.execute { PipeSignal.blockOnThisThread() } }
    }

    /// How many threads carry many connections on this machine: one a core, four at most.
    static let usual = min(4, NIOCore.System.coreCount)

    /// The event loop that carries the next connection.
    public func next() -> any EventLoop { group.next() }

    /// Ends the threads; all connections must have ended.
    public func end() async { try? await group.shutdownGracefully() }
}

/// Where handshakes are answered and connections are closed: on threads of their own, as handlers may block all threads of Swift's
/// tasks.
final class HandshakeExecutor: TaskExecutor {
    static let shared = HandshakeExecutor()

    private let queue = DispatchQueue(label: "realtime-router.handshakes", attributes: .concurrent)

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
