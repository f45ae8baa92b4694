import EventJSON

/// How the array elements of an event lie to each other.
///
/// Elements are numbered in document order, so all that lies in one element, and all that lies in one array, is one run of numbers.
/// That lets a search jump over whole elements that cannot go together.
struct ElementOrder {
    /// The outermost elements around two that are not around both; -1 where there is none, because the one lies in the other.
    private struct Fork {
        var left: Int32
        var right: Int32
    }

    private static func fork(_ left: Int32, _ right: Int32, _ slots: borrowing FieldSlots) -> Fork {
        var (left, right) = (left, right)
        var fork = Fork(left: -1, right: -1)
        while left != right {
            if left > right {
                fork.left = left
                left = slots.parent(ofElement: left)
            } else {
                fork.right = right
                right = slots.parent(ofElement: right)
            }
        }
        return fork
    }

    /// Two different elements of one array, which no choice can take both.
    struct Separation {
        var left: Int32
        var right: Int32
        var array: Int32
    }

    /// What keeps two elements from being used together; nil when nothing does. -1 is the event itself.
    static func separation(_ left: Int32, _ right: Int32, _ slots: borrowing FieldSlots) -> Separation? {
        let fork = fork(left, right, slots)
        guard fork.left >= 0, fork.right >= 0 else { return nil }
        let array = slots.array(ofElement: fork.left)
        guard array == slots.array(ofElement: fork.right) else { return nil }
        return Separation(left: fork.left, right: fork.right, array: array)
    }

    /// A run of elements that all go with another one.
    enum Company {
        /// Only the element itself is certain to.
        case itself
        /// All in this element.
        case element(Int32)
        /// All in this array.
        case array(Int32)
    }

    /// Which elements around one go with another one, as it does itself.
    static func company(_ element: Int32, with other: Int32, _ slots: borrowing FieldSlots) -> Company {
        let fork = fork(element, other, slots)
        if fork.left < 0 { return .itself }
        return fork.right < 0 ? .element(other) : .array(slots.array(ofElement: fork.left))
    }

    /// Whether an element is another one, or lies in it. All do in -1, the event.
    static func lies(_ element: Int32, inElement other: Int32, _ slots: borrowing FieldSlots) -> Bool {
        var element = element
        while element > other { element = slots.parent(ofElement: element) }
        return element == other
    }

    /// Whether an element is one of an array's, or lies in one.
    static func lies(_ element: Int32, inArray array: Int32, _ slots: borrowing FieldSlots) -> Bool {
        var element = element
        while element >= 0 {
            if slots.array(ofElement: element) == array { return true }
            element = slots.parent(ofElement: element)
        }
        return false
    }
}
