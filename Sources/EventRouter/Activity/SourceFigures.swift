/// The figures of one source: what a source counts of its own, such as reconnects, for the handlers that publish metrics.
///
/// Handlers of type `metrics` publish a figure as `realtime_router_source_NAME`, with the label `source`. Ask for a figure once and keep it:
/// it may be changed from any thread, and that costs next to nothing.
///
/// ```swift
/// let refused = context.figures.counter("refused_handshakes_total", ["status": "403"])
/// let latency = context.figures.histogram("added_latency_seconds")
/// refused.add()
/// latency.observe(0.0004)
/// ```
///
/// A figure has at most 50 combinations of labels; what comes after them is counted under the label values `other`. A name that was
/// first asked for as another kind gives a figure that nobody publishes.
public struct SourceFigures: Sendable {
    private let board: FigureBoard
    private let source: String

    init(_ board: FigureBoard, source: String) {
        self.board = board
        self.source = source
    }

    /// A number that only grows.
    ///
    /// - Parameters:
    ///   - name: the name, in snake_case, with `_total` at its end.
    ///   - labels: dimensions from a small set of values.
    public func counter(_ name: String, _ labels: MeasurementLabels = [:]) -> SourceCounter {
        board.counter(name, labelled(labels))
    }

    /// A number that goes up and down.
    ///
    /// - Parameters:
    ///   - name: the name, in snake_case, with its unit at the end.
    ///   - labels: dimensions from a small set of values.
    public func gauge(_ name: String, _ labels: MeasurementLabels = [:]) -> SourceGauge {
        board.gauge(name, labelled(labels))
    }

    /// A distribution of times, in the buckets of ``SourceHistogram/bounds``.
    ///
    /// - Parameters:
    ///   - name: the name, in snake_case, with `_seconds` at its end.
    ///   - labels: dimensions from a small set of values.
    public func histogram(_ name: String, _ labels: MeasurementLabels = [:]) -> SourceHistogram {
        board.histogram(name, labelled(labels))
    }

    private func labelled(_ labels: MeasurementLabels) -> MeasurementLabels {
        var labels = labels
        labels["source"] = source
        return labels
    }
}
