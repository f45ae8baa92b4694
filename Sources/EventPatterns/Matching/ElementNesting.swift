import EventJSON

/// How the array elements of an event are nested.
///
/// Elements are numbered in document order. The elements inside one element, or inside one array, therefore have
/// consecutive numbers, and a search can skip them together.
struct ElementNesting {
    /// The outermost elements that contain one of two elements but not both; -1 if there is none, because one element
    /// contains the other.
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

    /// Two different elements of one array. A match cannot use values from both.
    struct Conflict {
        var left: Int32
        var right: Int32
        var array: Int32
    }

    /// Finds the conflict that keeps two elements from being used together; returns nil if there is none. -1 is the
    /// event itself.
    static func conflict(_ left: Int32, _ right: Int32, _ slots: borrowing FieldSlots) -> Conflict? {
        let fork = fork(left, right, slots)
        guard fork.left >= 0, fork.right >= 0 else { return nil }
        let array = slots.array(ofElement: fork.left)
        guard array == slots.array(ofElement: fork.right) else { return nil }
        return Conflict(left: fork.left, right: fork.right, array: array)
    }

    /// The elements that are certain to be compatible with another element.
    enum CompatibleScope {
        /// Only the element itself.
        case onlyItself
        /// All elements inside this element.
        case element(Int32)
        /// All elements inside this array.
        case array(Int32)
    }

    /// The enclosing element or array of `element` whose elements are all compatible with `other`, as `element` is.
    static func compatibleScope(_ element: Int32, with other: Int32, _ slots: borrowing FieldSlots) -> CompatibleScope {
        let fork = fork(element, other, slots)
        if fork.left < 0 { return .onlyItself }
        return fork.right < 0 ? .element(other) : .array(slots.array(ofElement: fork.left))
    }

    /// Whether an element equals another element or is inside it. Every element is inside -1, the event.
    static func isElement(_ element: Int32, inside other: Int32, _ slots: borrowing FieldSlots) -> Bool {
        var element = element
        while element > other { element = slots.parent(ofElement: element) }
        return element == other
    }

    /// Whether an element is inside an array, at any depth.
    static func isElement(_ element: Int32, insideArray array: Int32, _ slots: borrowing FieldSlots) -> Bool {
        var element = element
        while element >= 0 {
            if slots.array(ofElement: element) == array { return true }
            element = slots.parent(ofElement: element)
        }
        return false
    }
}
