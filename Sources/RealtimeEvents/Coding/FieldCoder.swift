internal import EventJSON

/// What a ``WireObject`` passes its fields to.
///
/// The decoder, the encoders and the listing of fields are its conformances. They live in this module, so that the
/// compiler specialises them for every payload.
public protocol FieldCoder {
    /// Reads or sets one field.
    ///
    /// - Parameters:
    ///   - name: The field's name on the wire.
    ///   - value: The field; nil is absent or null.
    mutating func field<Value: WireValue>(_ name: StaticString, _ value: inout Value?)
}

/// Sets fields from a JSON object.
struct FieldDecoder: FieldCoder {
    private let object: JSONObject

    init(_ object: JSONObject) {
        self.object = object
    }

    mutating func field<Value: WireValue>(_ name: StaticString, _ value: inout Value?) {
        guard let json = object[name.description], json != .null else {
            value = nil
            return
        }
        value = Value(json: json)
    }
}

/// Sets fields from a JSON object where it lies in an event's text.
struct FieldReader: FieldCoder {
    private var members: MemberSearch

    init(_ members: MemberSearch) {
        self.members = members
    }

    mutating func field<Value: WireValue>(_ name: StaticString, _ value: inout Value?) {
        let index = members.index(name)
        value = index < 0 ? nil : Value(reading: members.value(at: index))
    }
}

/// Collects fields in a JSON object.
struct FieldEncoder: FieldCoder {
    private(set) var object: JSONObject = [:]

    mutating func field<Value: WireValue>(_ name: StaticString, _ value: inout Value?) {
        guard let value else { return }
        object.append(name.description, value.json)
    }
}

/// Writes fields as JSON text, without a tree of values in between.
struct FieldWriter: FieldCoder {
    var writer = JSONWriter()

    mutating func field<Value: WireValue>(_ name: StaticString, _ value: inout Value?) {
        guard let value else { return }
        writer.key(name)
        value.write(to: &writer)
    }
}

/// Lists fields, whatever their values are.
struct FieldShapeCoder: FieldCoder {
    private(set) var fields: [(name: String, shape: WireShape)] = []

    mutating func field<Value: WireValue>(_ name: StaticString, _ value: inout Value?) {
        fields.append((name.description, Value.shape))
    }
}
