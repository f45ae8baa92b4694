/// A step of a YAML document as libyaml tells it. Places are Unicode scalars from the start of the text.
struct YAMLEvent {
    enum Kind {
        case streamStart
        case streamEnd
        case documentStart
        case documentEnd
        case alias(String)
        case scalar(String, Style)
        case listStart(isFlow: Bool)
        case listEnd
        case mappingStart(isFlow: Bool)
        case mappingEnd
    }

    /// How a scalar is written.
    enum Style {
        case plain
        case singleQuoted
        case doubleQuoted
        /// `|`
        case literal
        /// `>`
        case folded
    }

    var kind: Kind
    var start: Int
    var end: Int
    var anchor: String?
    var hasTag = false
}

/// Where and how libyaml gave up.
struct YAMLFailure: Error {
    /// libyaml's own words: what it expected, and what it was doing.
    var problem: String
    var context: String
    /// Where it gave up, and where what it was reading began.
    var place: Int
    var contextPlace: Int
    /// The byte, where the failure was one of reading, which has no place.
    var byte: Int?
}
