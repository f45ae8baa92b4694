public import EventJSON

/// What an event has in the field of a condition, as it can be shown: in one line, cut, without control characters.
public struct SeenValues: Sendable, Hashable, CustomStringConvertible {
    /// Up to three values, strings in quotes and everything else as it came; a longer one is cut and ends in `…`.
    public let shown: [String]
    /// How many values there are. Conditions look at scalars only: an object or array is none.
    public let count: Int
    /// The object or array that is there, when there is no value.
    public let container: JSONKind?

    /// As many values are shown.
    public static let shownCount = 3
    /// As many Unicode scalars of a value are shown.
    public static let shownScalars = 120

    /// `"a", "b", "c" and 4 more`, `an object`, or `absent`.
    public var description: String {
        guard count > 0 else {
            return container.map { $0 == .object ? "an object" : "an array without values" } ?? "absent"
        }
        let values = shown.joined(separator: ", ")
        return count > shown.count ? "\(values) and \(count - shown.count) more" : values
    }

    /// Something that is there and must not be shown.
    public static let secret = SeenValues(shown: ["***"], count: 1, container: nil)

    /// A text of the session, or nothing.
    public init(_ text: String?) {
        let shown = text.map { text in
            var text = text
            return ["\"" + text.withUTF8 { Self.line($0.span.bytes) } + "\""]
        }
        self.init(shown: shown ?? [], count: text == nil ? 0 : 1, container: nil)
    }

    /// The values with each as a closure makes it.
    public func map(_ change: (String) -> String) -> SeenValues {
        SeenValues(shown: shown.map(change), count: count, container: container)
    }

    private init(shown: [String], count: Int, container: JSONKind?) {
        self.shown = shown
        self.count = count
        self.container = container
    }

    /// Looks at a field of an event.
    init(_ slot: Int, _ slots: inout FieldSlots, _ text: RawSpan) {
        var (shown, count, container) = ([String](), 0, JSONKind?.none)
        var index = slots.firstIndex(slot)
        while index >= 0 {
            let value = slots[index]
            if value.kind.isScalar {
                count += 1
                if shown.count < Self.shownCount { shown.append(Self.shown(value.kind, index, &slots, text)) }
            } else {
                container = container ?? value.kind
            }
            index = slots.nextIndex(index)
        }
        self.init(shown: shown, count: count, container: count == 0 ? container : nil)
    }

    private static func shown(
        _ kind: JSONKind, _ index: Int32, _ slots: inout FieldSlots, _ text: RawSpan
    ) -> String {
        let quote = kind == .string ? "\"" : ""
        return quote + slots.withText(index, in: text) { line($0) } + quote
    }

    /// The beginning of a text, with blanks for everything that a terminal would obey.
    private static func line(_ text: RawSpan) -> String {
        // Four bytes a scalar at most: a long text need not be decoded to the end.
        let head = text.extracting(0..<min(text.byteCount, 4 * (shownScalars + 1)))
        let scalars = head.withUnsafeBytes { unsafe String(decoding: $0, as: UTF8.self) }.unicodeScalars
        var line = String.UnicodeScalarView()
        for (number, scalar) in scalars.enumerated() {
            guard number < shownScalars else {
                line.append("…")
                break
            }
            line.append(scalar.isShowable ? scalar : " ")
        }
        return String(line)
    }
}

extension Unicode.Scalar {
    /// Whether it shows as itself and does nothing else.
    fileprivate var isShowable: Bool {
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: false
        default: true
        }
    }
}

extension PatternExplainer {
    /// What an event has in the field of a condition. Of a condition on the session an event has nothing.
    ///
    /// - Parameters:
    ///   - condition: its place among ``conditions``.
    ///   - slots: the event's fields, as the plan of this explainer scanned them.
    ///   - text: the event's text, the very one that was scanned.
    public func values(of condition: Int, _ slots: inout FieldSlots, _ text: RawSpan) -> SeenValues {
        guard let slot = conditions[condition].slot else { return SeenValues(nil) }
        return SeenValues(slot, &slots, text)
    }
}
