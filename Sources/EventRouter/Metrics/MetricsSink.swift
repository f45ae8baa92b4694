/// A place where figures go.
///
/// ## Contract
/// `record(_:)` is synchronous, does not throw and must return at once: it is called from the handler that counts.
/// Calls may come from several threads at a time.
public protocol MetricsSink: Sendable {
    /// Takes one measurement.
    func record(_ measurement: Measurement)
}

/// One figure: what was measured, how much, and for whom.
public struct Measurement: Sendable, Hashable {
    /// What a value means.
    public enum Kind: Sendable, Hashable {
        /// An amount to add up.
        case counter
        /// One observation of a distribution.
        case histogram
        /// The newest reading.
        case gauge
    }

    /// The name in snake_case with its unit at the end, as Prometheus wants it: `turn_latency_seconds`.
    public var name: String
    /// How values of this name are to be put together.
    public var kind: Kind
    /// The amount, in the unit that the name ends with.
    public var value: Double
    /// For a histogram: how many observations this is, of which `value` is the mean. 1 for most measurements.
    public var count: Int
    /// Dimensions from a small set of values, such as `status`.
    public var labels: MeasurementLabels
    /// The session's key; empty for what the router measures of itself. Not a label: there are too many of them.
    public var session: String

    /// Makes a measurement.
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

/// A ``MetricsSink`` made of a closure.
public struct ClosureMetricsSink: MetricsSink {
    private let body: @Sendable (Measurement) -> Void

    /// Makes a sink that calls `body`.
    public init(_ body: @escaping @Sendable (Measurement) -> Void) {
        self.body = body
    }

    /// Calls the closure.
    public func record(_ measurement: Measurement) { body(measurement) }
}

/// The labels of a ``Measurement``: each name once, in the order of the names.
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

    /// The value of a label; nil when there is none. Setting nil takes the label away.
    public subscript(name: String) -> String? {
        get { pairs.first { $0.0 == name }?.1 }
        set {
            let place = pairs.firstIndex { $0.0 >= name } ?? pairs.endIndex
            if place < pairs.endIndex, pairs[place].0 == name { pairs.remove(at: place) }
            if let newValue { pairs.insert((name, newValue), at: place) }
        }
    }
}

extension MeasurementLabels: ExpressibleByDictionaryLiteral {
    /// Makes labels, in whatever order they stand; of those with one name the last one counts.
    public init(dictionaryLiteral elements: (String, String)...) {
        // Those in order need not be put anywhere else.
        if elements.indices.dropFirst().allSatisfy({ elements[$0 - 1].0 < elements[$0].0 }) {
            pairs = elements
        } else {
            for (name, value) in elements { self[name] = value }
        }
    }
}

extension MeasurementLabels: Sequence {
    /// Walks the labels in the order of their names.
    public func makeIterator() -> some IteratorProtocol<(name: String, value: String)> {
        pairs.lazy.map { (name: $0, value: $1) }.makeIterator()
    }

    /// How many labels there are.
    public var underestimatedCount: Int { pairs.count }
}

extension MeasurementLabels: Hashable {
    /// Whether both have the same labels.
    public static func == (left: MeasurementLabels, right: MeasurementLabels) -> Bool {
        left.pairs.elementsEqual(right.pairs, by: ==)
    }

    /// Feeds the values to a hasher: measurements of one name have nearly always labels of the same names.
    public func hash(into hasher: inout Hasher) {
        for (_, value) in pairs { hasher.combine(value) }
    }
}
