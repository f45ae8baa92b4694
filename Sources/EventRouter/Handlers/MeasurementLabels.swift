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
