import EventJSON

/// How the array elements of an event lie to each other.
///
/// Elements are numbered in document order, so all that lies in one element, and all that lies in one array, is one run of numbers.
/// That lets a search jump over whole elements that cannot go together.
struct ElementOrder {
    /// Two different elements of one array, which no choice can take both.
    struct Separation {
        var left: Int32
        var right: Int32
        var array: Int32
    }

    /// What keeps two elements from being used together; nil when nothing does. -1 is the event itself.
    static func separation(_ left: Int32, _ right: Int32, _ slots: FieldSlots) -> Separation? {
        var (left, right) = (left, right)
        var (lastLeft, lastRight): (Int32, Int32) = (-1, -1)
        while left != right {
            if left > right {
                lastLeft = left
                left = slots.parent(ofElement: left)
            } else {
                lastRight = right
                right = slots.parent(ofElement: right)
            }
        }
        guard lastLeft >= 0, lastRight >= 0 else { return nil }
        let array = slots.array(ofElement: lastLeft)
        guard array == slots.array(ofElement: lastRight) else { return nil }
        return Separation(left: lastLeft, right: lastRight, array: array)
    }

    /// Whether an element is one of an array's, or lies in one.
    static func lies(_ element: Int32, inArray array: Int32, _ slots: FieldSlots) -> Bool {
        var element = element
        while element >= 0 {
            if slots.array(ofElement: element) == array { return true }
            element = slots.parent(ofElement: element)
        }
        return false
    }
}
