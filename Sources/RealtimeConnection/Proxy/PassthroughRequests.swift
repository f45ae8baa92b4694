import ConfigSource
import EventRouter
import Synchronization

/// The requests of a proxy that pass unread, while they do.
final class PassthroughRequests: Sendable {
    private struct State {
        var tunnels: [Int: ByteTunnel] = [:]
        var count = 0
        var paths: Set<String> = []
        var isClosed = false
    }

    /// So many paths are remembered.
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

    /// Lets a request pass, which is said once for each path.
    func pass(_ request: HandshakeRequest) async -> HandshakeAnswer {
        if let refusal = slots.acquire(nil) { return refusal }
        let number = note(request)
        do {
            let tunnel = try await dialler.tunnel(request) { [self] in end(number) }
            let isClosed = state.withLock { state in
                // It may have ended already: then it is not kept.
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

    /// Ends all of them.
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

    /// Counts a request.
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
