import EventJSON

extension JSONObject {
    /// A name that an object in it has twice; nil when there is none.
    ///
    /// Of two members with one name a schema, a pattern and a command's own parser may each see another one.
    var repeatedName: String? {
        var names: Set<[UInt8]> = []
        for (name, value) in self {
            guard names.insert(Array(name.utf8)).inserted else { return name }
            if let inner = value.repeatedName { return inner }
        }
        return nil
    }
}

extension JSONValue {
    fileprivate var repeatedName: String? {
        switch self {
        case .object(let object): object.repeatedName
        case .array(let elements): elements.lazy.compactMap(\.repeatedName).first
        default: nil
        }
    }
}
