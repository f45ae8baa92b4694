/// A change to the audio of a session, in frames at 24 kHz since its file begins.
enum AudioEdit: Hashable {
    /// A side of the session.
    enum Side: Hashable {
        case user
        case assistant
    }

    /// Samples come from a frame on.
    case write([Int16], Side, at: Int)
    /// A part is silent.
    case silence(Side, Range<Int>)
    /// The file lasts so long.
    case extend(Int)

    /// How much room the edit takes, in samples.
    var size: Int { if case .write(let samples, _, _) = self { samples.count } else { 256 } }
}
