/// A step into a JSON value.
package enum SchemaPathStep: Sendable, Hashable {
    /// To a member of an object.
    case key(String)
    /// To an element of an array, counted from 0.
    case index(Int)
}

extension [SchemaPathStep] {
    /// The path as people write it: `order.items[2].price`, and `["a key"]` where a name is no word.
    package var text: String {
        var text = ""
        for step in self {
            switch step {
            case .index(let index): text += "[\(index)]"
            case .key(let key) where key.isPlainWord: text += text.isEmpty ? key : ".\(key)"
            case .key(let key): text += "[\(quoted(key))]"
            }
        }
        return text
    }
}

extension String {
    private static let plainBytes = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_$-".utf8)

    fileprivate var isPlainWord: Bool {
        !isEmpty && utf8.count <= 64 && utf8.allSatisfy(Self.plainBytes.contains)
    }
}
