#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

extension String {
    /// Whether both have the same scalars; `==` would also take `é` for `e` with an accent behind it.
    func isSameText(as other: String) -> Bool {
        // Most texts that are compared differ in their length already.
        guard utf8.count == other.utf8.count else { return false }
        let isSame = utf8.withContiguousStorageIfAvailable { text in
            other.utf8.withContiguousStorageIfAvailable { other in
                text.isEmpty || memcmp(text.baseAddress!, other.baseAddress!, text.count) == 0
            }
        }
        return isSame.flatMap(\.self) ?? utf8.elementsEqual(other.utf8)
    }
}

/// A string that is equal to another only when it has the same scalars.
struct ExactText: Hashable {
    let text: String

    static func == (left: ExactText, right: ExactText) -> Bool {
        left.text.isSameText(as: right.text)
    }

    // What is the same text is also canonically equivalent, so the string's own hash agrees with `==`.
    func hash(into hasher: inout Hasher) {
        hasher.combine(text)
    }
}
