import NIOCore

/// The object that waits for a handler's answer.
protocol HandlerCaller: AnyObject {
    /// Receives the answer to a call.
    func answer(_ response: HTTPResponse, of call: HandlerCall)
}

/// A call of a handler with a request.
final class HandlerCall {
    let route: HTTPRoute
    let request: HTTPRequest
    let caller: any HandlerCaller
    fileprivate var isCancelled = false
    fileprivate var task: Task<Void, Never>?

    init(route: HTTPRoute, request: HTTPRequest, caller: any HandlerCaller) {
        self.route = route
        self.request = request
        self.caller = caller
    }
}

/// Runs a limited number of handlers at the same time, on a separate thread. Used on the network's event loop only.
final class HandlerRunner {
    private let limit: Int
    private let loop: any EventLoop
    private let executor: EventLoopTaskExecutor
    private let log: LimitedLog
    private var running = 0
    private var waiting = CircularBuffer<HandlerCall>()
    private var idle: EventLoopPromise<Void>?

    /// Creates a runner.
    ///
    /// - Parameters:
    ///   - limit: The greatest number of handlers that run at the same time.
    ///   - loop: The network's event loop.
    ///   - executor: The executor of the handlers' thread.
    init(limit: Int, loop: any EventLoop, executor: EventLoopTaskExecutor, log: LimitedLog) {
        self.limit = limit
        self.loop = loop
        self.executor = executor
        self.log = log
    }

    /// Runs a call's handler as soon as its turn comes, and passes the answer to the caller.
    func run(_ call: HandlerCall) {
        waiting.append(call)
        startNext()
    }

    /// Cancels a call. A handler that has not started never runs.
    func cancel(_ call: HandlerCall) {
        call.isCancelled = true
        call.task?.cancel()
        if call.task == nil { waiting.removeAll { $0 === call } }
    }

    /// Whether no handler is running.
    var isIdle: Bool { running == 0 }

    /// A future that succeeds when no handler is running.
    func whenIdle() -> EventLoopFuture<Void> {
        let promise = idle ?? loop.makePromise()
        idle = promise
        if running == 0 { promise.succeed() }
        return promise.futureResult
    }

    private func startNext() {
        while running < limit, let call = waiting.popFirst() {
            running += 1
            let (handler, request, loop) = (call.route.handler, call.request, loop)
            let bound = NIOLoopBound((runner: self, call: call), eventLoop: loop)
            call.task = Task(executorPreference: executor) {
                let result: Result<HTTPResponse, any Error>
                do { result = .success(try await handler(request)) } catch { result = .failure(error) }
                loop.execute { bound.value.runner.ended(bound.value.call, result) }
            }
        }
    }

    private func ended(_ call: HandlerCall, _ result: Result<HTTPResponse, any Error>) {
        running -= 1
        switch result {
        case .success(let response): call.caller.answer(response, of: call)
        case .failure(let error):
            if !call.isCancelled {
                log.warning(
                    "\(call.route.method) \(call.route.path) failed: \(error)",
                    kind: "\(call.route.method) \(call.route.path)")
            }
            call.caller.answer(HTTPRefusal.internalError.response, of: call)
        }
        startNext()
        if running == 0 { idle?.succeed() }
    }
}

/// An executor that runs tasks on an event loop's thread.
final class EventLoopTaskExecutor: TaskExecutor {
    private let loop: any EventLoop

    init(_ loop: any EventLoop) {
        self.loop = loop
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        loop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
