import EventJSON

/// The members of a schema, and which of them were read.
struct SchemaKeywords {
    let object: JSONObject
    let path: [SchemaPathStep]
    private(set) var read: Set<String> = []

    init(_ object: JSONObject, _ path: [SchemaPathStep]) {
        self.object = object
        self.path = path
    }

    /// The value of a keyword, which counts as read.
    mutating func take(_ keyword: String) -> JSONValue? {
        read.insert(keyword)
        return object[keyword]
    }

    /// The place of a keyword's value.
    func place(_ keyword: String) -> [SchemaPathStep] { path + [.key(keyword)] }
}
