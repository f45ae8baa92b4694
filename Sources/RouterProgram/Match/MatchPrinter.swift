import RealtimeRouter
import Synchronization

/// Prints the lines of the events that the first route of a table takes, or of the others.
final class MatchPrinter: DispatchObserver {
    private struct State {
        var count = 0
        var output: [UInt8] = []
    }

    /// Much is written at once, but what is there is not held back while the source has nothing more.
    private static let blockBytes = 64 * 1024

    private let side: SessionSide
    private let isInverted: Bool
    private let withDerived: Bool
    private let onlyCounts: Bool
    private let state = Mutex(State())

    /// - Parameter side: The side whose events the first route takes; the events of the other one are not printed.
    init(_ side: SessionSide, isInverted: Bool, withDerived: Bool, onlyCounts: Bool) {
        self.side = side
        self.isInverted = isInverted
        self.withDerived = withDerived
        self.onlyCounts = onlyCounts
    }

    /// How many events it was.
    var printed: Int { state.withLock(\.count) }

    func observe(_ dispatch: Dispatch, event: RawSpan, line: RawSpan) {
        if side == .server { show(dispatch, line) }
    }

    func observeClient(_ dispatch: Dispatch, event: RawSpan, line: RawSpan) {
        if side == .client { show(dispatch, line) }
    }

    private func show(_ dispatch: Dispatch, _ line: RawSpan) {
        guard (dispatch.routes.first == 0) != isInverted, withDerived || dispatch.position.derived == 0 else { return }
        state.withLock { state in
            state.count += 1
            guard !onlyCounts else { return }
            line.withUnsafeBytes { state.output.append(contentsOf: $0) }
            state.output.append(0x0A)
            if state.output.count >= Self.blockBytes { Self.write(&state) }
        }
    }

    func pause() {
        state.withLock { Self.write(&$0) }
    }

    /// Prints what is left, or the count.
    func finish() {
        pause()
        if onlyCounts { Terminal.print("\(printed)") }
    }

    private static func write(_ state: inout State) {
        guard !state.output.isEmpty else { return }
        // Lines come out as they came in, so that other programs may compare them; a person's terminal is protected.
        if Terminal.isTerminal { Terminal.write(bytes: state.output) } else { Terminal.write(unescaped: state.output) }
        state.output.removeAll(keepingCapacity: true)
    }
}
