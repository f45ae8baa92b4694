/// A destination for measurements.
///
/// ## Contract
/// `record(_:)` is synchronous, does not throw and must not block: the handler that measures calls it. Several threads
/// may call it at a time.
public protocol MetricsSink: Sendable {
    /// Receives one measurement.
    func record(_ measurement: Measurement)
}

/// One measured value, with its name, labels and session.
public struct Measurement: Sendable, Hashable {
    /// How a value is to be aggregated.
    public enum Kind: Sendable, Hashable {
        /// An amount to add up.
        case counter
        /// One observation of a distribution.
        case histogram
        /// The most recent value of something that goes up and down.
        case gauge
    }

    /// The name in snake_case, ending in its unit, as Prometheus requires: `turn_latency_seconds`.
    public var name: String
    /// How values of this name are to be aggregated.
    public var kind: Kind
    /// The value, in the unit that the name ends with.
    public var value: Double
    /// For a histogram: the number of observations, of which `value` is the mean. 1 for most measurements.
    public var count: Int
    /// Dimensions with few values each, such as `status`.
    public var labels: MeasurementLabels
    /// The session's key; empty for measurements of the router itself. It is not a label, because its values are
    /// unbounded.
    public var session: String

    /// Creates a measurement.
    public init(
        _ name: String, _ kind: Kind, _ value: Double, count: Int = 1, labels: MeasurementLabels = [:], session: String
    ) {
        self.name = name
        self.kind = kind
        self.value = value
        self.count = count
        self.labels = labels
        self.session = session
    }
}

/// A ``MetricsSink`` made from a closure.
public struct ClosureMetricsSink: MetricsSink {
    private let body: @Sendable (Measurement) -> Void

    /// Creates a sink that calls `body`.
    public init(_ body: @escaping @Sendable (Measurement) -> Void) {
        self.body = body
    }

    /// Calls the closure.
    public func record(_ measurement: Measurement) { body(measurement) }
}

/// The labels of a ``Measurement``, sorted by name; each name occurs once.
///
/// ```swift
/// let labels: MeasurementLabels = ["modality": "text", "direction": "input"]
/// labels["modality"]                         // text
/// labels.map { "\($0.name)=\($0.value)" }    // direction=input, modality=text
/// ```
public struct MeasurementLabels: Sendable {
    private var pairs: [(String, String)] = []

    /// No labels.
    public init() {}

    /// Whether there are no labels.
    public var isEmpty: Bool { pairs.isEmpty }

    /// The value of a label; nil if the label is not set. Setting nil removes the label.
    public subscript(name: String) -> String? {
        get { pairs.first { $0.0 == name }?.1 }
        set {
            let index = pairs.firstIndex { $0.0 >= name } ?? pairs.endIndex
            if index < pairs.endIndex, pairs[index].0 == name { pairs.remove(at: index) }
            if let newValue { pairs.insert((name, newValue), at: index) }
        }
    }
}

extension MeasurementLabels: ExpressibleByDictionaryLiteral {
    /// Creates labels from pairs in any order. If a name occurs twice, the last value is used.
    public init(dictionaryLiteral elements: (String, String)...) {
        // Pairs that are sorted already need no insertion.
        if elements.indices.dropFirst().allSatisfy({ elements[$0 - 1].0 < elements[$0].0 }) {
            pairs = elements
        } else {
            for (name, value) in elements { self[name] = value }
        }
    }
}

extension MeasurementLabels: Sequence {
    /// Iterates over the labels in the order of their names.
    public func makeIterator() -> some IteratorProtocol<(name: String, value: String)> {
        pairs.lazy.map { (name: $0, value: $1) }.makeIterator()
    }

    /// The number of labels.
    public var underestimatedCount: Int { pairs.count }
}

extension MeasurementLabels: Hashable {
    /// Whether both have the same names and values.
    public static func == (left: MeasurementLabels, right: MeasurementLabels) -> Bool {
        left.pairs.elementsEqual(right.pairs, by: ==)
    }

    /// Hashes only the values: measurements of one name nearly always have the same label names.
    public func hash(into hasher: inout Hasher) {
        for (_, value) in pairs { hasher.combine(value) }
    }
}
