import Dispatch

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
