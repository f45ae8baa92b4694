/// The type of an event: an open set.
///
/// Known types are static members and have a ``code-swift.property``; any other type keeps its text. Names are canonical:
/// a beta name becomes the GA name of the same thing.
///
/// ```swift
/// event.type == .responseDone
/// EventType("response.audio.delta") == .responseOutputAudioDelta
/// ```
public struct EventType: Sendable, Hashable, CustomStringConvertible, ExpressibleByStringLiteral {
    /// The known type, or `.unknown`.
    public let code: Code
    private let unknownName: String

    /// A known type; for `.unknown` the type without a name.
    public init(_ code: Code) {
        self.code = code
        unknownName = ""
    }

    /// A type from its name, which may be a beta name.
    public init(_ name: String) {
        let utf8 = Array(name.utf8)
        code = Self.code(ofWireName: utf8.span.bytes).code
        unknownName = code == .unknown ? name : ""
    }

    /// The type of an event that a client sent. It is never a known one: what a client calls `response.done` is no such event.
    package init(ofClient name: String) {
        code = .unknown
        unknownName = name
    }

    /// A type from a literal of its name.
    public init(stringLiteral name: String) {
        self.init(name)
    }

    /// The canonical (GA) name; for an unknown type what came, "" when there was none.
    public var name: String {
        code == .unknown ? unknownName : Self.names[Int(code.rawValue)]
    }

    /// The canonical name.
    public var description: String { name }

    /// Whether the router made events of this type out of the server's.
    public var isDerived: Bool { code.isDerived }

    private static let names = Code.allCases.map { canonicalName($0).description }
}

extension EventType.Code {
    /// Whether the router made events of this type out of the server's.
    public var isDerived: Bool { rawValue >= Self.routerSessionStarted.rawValue }
}
