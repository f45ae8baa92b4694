public import EventJSON

/// The values of a condition's field in an event, in a printable form: on one line, truncated, and without control
/// characters.
public struct SeenValues: Sendable, Hashable, CustomStringConvertible {
    /// Up to three values: strings in quotes, other scalars as they are in the event. A truncated value ends in `…`.
    public let shown: [String]
    /// The number of scalar values. Conditions ignore objects and arrays.
    public let count: Int
    /// The kind of the field's value if the field has only objects or arrays; nil otherwise.
    public let container: JSONKind?

    /// The number of values that are shown.
    public static let shownCount = 3
    /// The number of Unicode scalars that are shown of a value.
    public static let shownScalars = 120

    /// `"a", "b", "c" and 4 more`, `an object`, or `absent`.
    public var description: String {
        guard count > 0 else {
            return container.map { $0 == .object ? "an object" : "an array without values" } ?? "absent"
        }
        let values = shown.joined(separator: ", ")
        return count > shown.count ? "\(values) and \(count - shown.count) more" : values
    }

    /// Stands for a value that must not be shown.
    public static let secret = SeenValues(shown: ["***"], count: 1, container: nil)

    /// Creates the values of a session's field that has one text, or none if `text` is nil.
    public init(_ text: String?) {
        let shown = text.map { text in
            var text = text
            return ["\"" + text.withUTF8 { Self.line($0.span.bytes) } + "\""]
        }
        self.init(shown: shown ?? [], count: text == nil ? 0 : 1, container: nil)
    }

    /// Returns a copy in which a closure has replaced each shown value.
    public func map(_ change: (String) -> String) -> SeenValues {
        SeenValues(shown: shown.map(change), count: count, container: container)
    }

    private init(shown: [String], count: Int, container: JSONKind?) {
        self.shown = shown
        self.count = count
        self.container = container
    }

    /// Reads the values in an event's slot.
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

    /// The beginning of a text, with a space in place of each scalar that could control a terminal.
    private static func line(_ text: RawSpan) -> String {
        // A scalar has at most four bytes, so the rest of a long text need not be decoded.
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
    /// Whether a terminal prints the scalar and does nothing else with it.
    fileprivate var isShowable: Bool {
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: false
        default: true
        }
    }
}

extension PatternExplainer {
    /// Returns an event's values in the field of a condition. For a condition on the session there are none.
    ///
    /// - Parameters:
    ///   - condition: an index into ``conditions``.
    ///   - slots: the event's fields, scanned with the plan of this explainer.
    ///   - text: the text of the same event.
    public func values(of condition: Int, _ slots: inout FieldSlots, _ text: RawSpan) -> SeenValues {
        guard let slot = conditions[condition].slot else { return SeenValues(nil) }
        return SeenValues(slot, &slots, text)
    }
}
