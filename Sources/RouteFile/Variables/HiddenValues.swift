/// What the environment holds, which nothing that is said may show, and what stands for it in the file.
struct HiddenValues: Sendable {
    /// The longest value first: a shorter one may be a part of it.
    private var all: [HiddenValue] = []

    /// Adds a value and what is shown in its place.
    mutating func add(_ value: String, as written: String) {
        guard !value.isEmpty, value != written else { return }
        all.append(HiddenValue(value: value, written: written))
        all.sort { $0.value.utf8.count > $1.value.utf8.count }
    }

    /// The text without any of the values.
    func hide(in text: String) -> String { all.reduce(text) { $1.hide(in: $0) } }
}
