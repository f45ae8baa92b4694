import CLibYAML

/// A wrapper of libyaml's event parser. Only this file uses libyaml.
///
/// The parser is allocated at a fixed address, because libyaml keeps pointers into it.
final class LibYAMLParser {
    private let parser: UnsafeMutablePointer<yaml_parser_t>

    /// A parser for a text without a byte order mark. The caller must keep the bytes alive as long as the parser.
    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        parser = .allocate(capacity: 1)
        let isReady = yaml_parser_initialize(parser)
        precondition(isReady == 1, "out of memory")
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        yaml_parser_set_input_string(parser, bytes.baseAddress, bytes.count)
    }

    deinit {
        yaml_parser_delete(parser)
        parser.deallocate()
    }

    /// Returns the next event.
    ///
    /// - Throws: `YAMLFailure` if libyaml cannot parse the text.
    func next() throws(YAMLFailure) -> YAMLEvent {
        var event = yaml_event_t()
        guard yaml_parser_parse(parser, &event) == 1 else { throw failure() }
        defer { yaml_event_delete(&event) }
        var result = YAMLEvent(
            kind: .streamEnd, start: Int(event.start_mark.index), end: Int(event.end_mark.index))
        switch event.type {
        case YAML_STREAM_START_EVENT: result.kind = .streamStart
        case YAML_DOCUMENT_START_EVENT: result.kind = .documentStart
        case YAML_DOCUMENT_END_EVENT: result.kind = .documentEnd
        case YAML_SEQUENCE_END_EVENT: result.kind = .listEnd
        case YAML_MAPPING_END_EVENT: result.kind = .mappingEnd
        case YAML_ALIAS_EVENT: result.kind = .alias(Self.string(event.data.alias.anchor) ?? "")
        case YAML_SCALAR_EVENT:
            let scalar = event.data.scalar
            let text = UnsafeBufferPointer(start: scalar.value, count: Int(scalar.length))
            result.kind = .scalar(String(decoding: text, as: UTF8.self), Self.style(scalar.style))
            result.anchor = Self.string(scalar.anchor)
            result.hasTag = scalar.tag != nil
        case YAML_SEQUENCE_START_EVENT:
            let list = event.data.sequence_start
            result.kind = .listStart(isFlow: list.style == YAML_FLOW_SEQUENCE_STYLE)
            result.anchor = Self.string(list.anchor)
            result.hasTag = list.tag != nil
        case YAML_MAPPING_START_EVENT:
            let mapping = event.data.mapping_start
            result.kind = .mappingStart(isFlow: mapping.style == YAML_FLOW_MAPPING_STYLE)
            result.anchor = Self.string(mapping.anchor)
            result.hasTag = mapping.tag != nil
        default: break
        }
        return result
    }

    private func failure() -> YAMLFailure {
        let state = parser.pointee
        return YAMLFailure(
            problem: state.problem.map { String(cString: $0) } ?? "",
            context: state.context.map { String(cString: $0) } ?? "",
            place: Int(state.problem_mark.index),
            contextPlace: Int(state.context == nil ? state.problem_mark.index : state.context_mark.index),
            byte: state.error == YAML_READER_ERROR ? Int(state.problem_offset) : nil)
    }

    private static func string(_ text: UnsafeMutablePointer<yaml_char_t>?) -> String? {
        text.map { String(cString: $0) }
    }

    private static func style(_ style: yaml_scalar_style_t) -> YAMLEvent.Style {
        switch style {
        case YAML_SINGLE_QUOTED_SCALAR_STYLE: .singleQuoted
        case YAML_DOUBLE_QUOTED_SCALAR_STYLE: .doubleQuoted
        case YAML_LITERAL_SCALAR_STYLE: .literal
        case YAML_FOLDED_SCALAR_STYLE: .folded
        default: .plain
        }
    }
}

/// An event of libyaml's parser. `start` and `end` count Unicode scalars from the start of the text.
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

/// A syntax error that libyaml found.
struct YAMLFailure: Error {
    /// libyaml's messages: what it expected, and what it was parsing.
    var problem: String
    var context: String
    /// The place of the error, and the place where the construct began that libyaml was parsing.
    var place: Int
    var contextPlace: Int
    /// The byte offset of an encoding error, which has no place; nil for other errors.
    var byte: Int?
}
