/// A scan that is under way: where it has come to, and the containers that it is in.
struct FieldScan: ~Copyable {
    /// What has to come next in the text, blanks aside.
    enum Expectation {
        /// The opening quote of a member's key.
        case key
        /// The first byte of a value.
        case value
        /// What follows a value: a comma, or the end of its container.
        case separator
    }

    /// A place between two tokens.
    struct Place {
        /// Where the next token begins, or blanks before it.
        var offset: Int
        /// The index of the first string stop that may lie behind it.
        var stop: Int
        /// The step of the plan that the value to come is, or -1 when nobody wants it.
        var node: Int32
        var expects: Expectation
    }

    var place: Place
    var stops: StringStops
    /// The innermost container.
    var top = ScanFrame()
    /// How many containers are open.
    var depth = 0
}

extension ScanFrame {
    /// What comes first in it, and behind each comma.
    @inline(__always)
    var expectation: FieldScan.Expectation { isArray ? .value : .key }
}
