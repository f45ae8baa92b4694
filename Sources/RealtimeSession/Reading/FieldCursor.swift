internal import EventJSON

/// Walks the values of one field that lie in arrays, object by object.
///
/// The objects are asked about in document order, so that a whole event takes one walk, however many objects it has.
struct FieldCursor {
    private var index: Int32

    init(_ field: Int, _ event: borrowing EventReader) {
        index = event.firstIndex(field)
    }

    /// The index of the field's last value within an object, as a decoder would see it; -1 when it has none.
    mutating func value(in object: ByteRange, _ event: borrowing EventReader) -> Int32 {
        var found: Int32 = -1
        while index >= 0, event[index].range.start < object.end {
            if event[index].range.start >= object.start { found = index }
            index = event.nextIndex(index)
        }
        return found
    }

    /// The next object of the field that lies within another one.
    mutating func nextObject(in object: ByteRange, _ event: borrowing EventReader) -> ByteRange? {
        while index >= 0, event[index].range.start < object.end {
            let value = event[index]
            index = event.nextIndex(index)
            if value.range.start >= object.start, value.kind == .object { return value.range }
        }
        return nil
    }
}
