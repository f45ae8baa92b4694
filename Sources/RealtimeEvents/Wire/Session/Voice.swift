/// A voice: its name, or an object for a custom one.
public typealias Voice = PlainOrObject<VoiceName, VoiceReference>

/// A voice that is not built in. Realtime API, GA; Azure.
public struct VoiceReference: WireObject {
    /// A custom voice's id.
    public var id: String?
    /// The voice's name. Azure.
    public var name: String?
    /// Who made it, such as `openai`. Azure.
    public var type: String?

    /// An object whose fields are all nil.
    public init() {}

    /// Codes the fields.
    public mutating func code<C: FieldCoder>(_ coder: inout C) {
        coder.field("id", &id)
        coder.field("name", &name)
        coder.field("type", &type)
    }
}

/// A built-in voice.
public struct VoiceName: WireString {
    /// The text on the wire.
    public let rawValue: String

    /// A value from its text on the wire.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// Alloy.
    public static let alloy: VoiceName = "alloy"
    /// Ash.
    public static let ash: VoiceName = "ash"
    /// Ballad.
    public static let ballad: VoiceName = "ballad"
    /// Cedar. GA.
    public static let cedar: VoiceName = "cedar"
    /// Coral.
    public static let coral: VoiceName = "coral"
    /// Echo.
    public static let echo: VoiceName = "echo"
    /// Marin. GA.
    public static let marin: VoiceName = "marin"
    /// Sage.
    public static let sage: VoiceName = "sage"
    /// Shimmer.
    public static let shimmer: VoiceName = "shimmer"
    /// Verse.
    public static let verse: VoiceName = "verse"

    /// The values that the protocol names.
    public static let known: [VoiceName] = [
        .alloy, .ash, .ballad, .cedar, .coral, .echo, .marin, .sage, .shimmer, .verse,
    ]
}
