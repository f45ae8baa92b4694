import Dispatch
import HTTPService
public import NIOCore
import NIOPosix

/// The threads that read and write connections. No event handler runs on them.
public final class ConnectionThreads: Sendable {
    let group: MultiThreadedEventLoopGroup

    /// Starts the threads.
    ///
    /// - Parameter count: the number of threads; the connections are spread over them.
    public init(count: Int = 1) {
        group = MultiThreadedEventLoopGroup(numberOfThreads: max(1, count))
        for loop in group.makeIterator() { loop.execute { PipeSignal.blockOnThisThread() } }
    }

    /// The number of threads for a server on this machine: one per core, at most four.
    static let usual = min(4, NIOCore.System.coreCount)

    /// The event loops of all threads.
    var eventLoops: [any EventLoop] { Array(group.makeIterator()) }

    /// The event loop for the next connection.
    public func next() -> any EventLoop { group.next() }

    /// Stops the threads. All connections must have ended before.
    public func end() async { try? await group.shutdownGracefully() }
}

/// Runs the tasks that answer handshakes and close connections. It has its own threads, because event handlers may block all threads
/// of Swift's cooperative pool.
final class HandshakeExecutor: TaskExecutor {
    static let shared = HandshakeExecutor()

    private let queue = DispatchQueue(label: "realtime-router.handshakes", attributes: .concurrent)

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
