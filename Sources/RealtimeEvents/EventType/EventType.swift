/// The type of an event: an open set.
///
/// Known types are static members and have a ``code-swift.property``; any other type keeps its text. Names are
/// canonical: a beta name becomes the GA name with the same meaning.
///
/// ```swift
/// event.type == .responseDone
/// EventType("response.audio.delta") == .responseOutputAudioDelta
/// ```
public struct EventType: Sendable, Hashable, CustomStringConvertible, ExpressibleByStringLiteral {
    /// The known type, or `.unknown`.
    public let code: Code
    private let unknownName: String

    /// Creates a known type; `.unknown` creates a type without a name.
    public init(_ code: Code) {
        self.code = code
        unknownName = ""
    }

    /// Creates a type from its name, which may be a beta name.
    public init(_ name: String) {
        let utf8 = Array(name.utf8)
        code = Self.code(ofWireName: utf8.span.bytes).code
        unknownName = code == .unknown ? name : ""
    }

    /// Creates the type of an event that a client sent. It is never a known type, so that a client's `response.done`
    /// does not count as the server's.
    package init(ofClient name: String) {
        code = .unknown
        unknownName = name
    }

    /// A type from a literal of its name.
    public init(stringLiteral name: String) {
        self.init(name)
    }

    /// The canonical (GA) name. For an unknown type the name on the wire, "" if there was none.
    public var name: String {
        code == .unknown ? unknownName : Self.names[Int(code.rawValue)]
    }

    /// The canonical name.
    public var description: String { name }

    /// Whether the router derives events of this type from the server's events.
    public var isDerived: Bool { code.isDerived }

    private static let names = Code.allCases.map { canonicalName($0).description }
}

extension EventType.Code {
    /// Whether the router derives events of this type from the server's events.
    public var isDerived: Bool { rawValue >= Self.routerSessionStarted.rawValue }
}
