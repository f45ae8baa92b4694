import ConfigSource
import EventRouter
import Synchronization

/// Forwards requests that are not Realtime sessions to the upstream server, without parsing what follows their header.
final class PassthroughRequests: Sendable {
    private struct State {
        var tunnels: [Int: ByteTunnel] = [:]
        var count = 0
        var paths: Set<String> = []
        var isClosed = false
    }

    /// The maximum number of paths that are logged.
    private static let keptPaths = 100

    private let dialler: UpstreamDialler
    private let slots: SessionSlots
    private let context: SourceContext
    private let figures: ProxyFigures
    private let state = Mutex(State())

    init(_ dialler: UpstreamDialler, _ slots: SessionSlots, _ context: SourceContext, _ figures: ProxyFigures) {
        self.figures = figures
        self.dialler = dialler
        self.slots = slots
        self.context = context
    }

    /// Forwards a request. The first request of each path is logged.
    func pass(_ request: HandshakeRequest) async -> HandshakeAnswer {
        if let refusal = slots.acquire(nil) { return refusal }
        let number = note(request)
        do {
            let tunnel = try await dialler.tunnel(request) { [self] in end(number) }
            let isClosed = state.withLock { state in
                // The tunnel may have ended already; then it must not be kept.
                if tunnel.isOpen { state.tunnels[number] = tunnel }
                return state.isClosed
            }
            if isClosed { tunnel.close() }
            return .pass(tunnel)
        } catch {
            slots.release(nil)
            slots.finish()
            return error.answer
        }
    }

    /// Closes all tunnels.
    func close() {
        let tunnels = state.withLock { state in
            state.isClosed = true
            return Array(state.tunnels.values)
        }
        for tunnel in tunnels { tunnel.close() }
    }

    private func end(_ number: Int) {
        state.withLock { $0.tunnels[number] = nil }
        slots.release(nil)
        slots.finish()
    }

    /// Counts a request, and logs its path the first time.
    ///
    /// - Returns: its number.
    private func note(_ request: HandshakeRequest) -> Int {
        figures.unread.add()
        let path = request.path.printable
        let (number, isNew) = state.withLock { state in
            state.count += 1
            return (state.count, state.paths.count < Self.keptPaths && state.paths.insert(path).inserted)
        }
        if isNew {
            context.logger.notice("requests of a path that is not known pass unread", metadata: ["path": "\(path)"])
        }
        return number
    }
}
