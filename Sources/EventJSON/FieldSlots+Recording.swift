extension FieldSlots {
    /// Forgets the values of the event before.
    @inline(__always)
    mutating func begin() {
        generation &+= 1
        if generation == 0 {
            for slot in 0..<slotCount { unsafe slots[slot].generation = 0 }
            generation = 1
        }
        valueCount = 0
        elementCount = 0
        arrayCount = 0
        rootKind = .null
        if !side.isEmpty { side.removeAll(keepingCapacity: true) }
    }

    /// Adds a value of a field; gives its index.
    @inline(__always)
    @discardableResult
    mutating func append(_ value: Value, _ slot: Int32) -> Int32 {
        if valueCount == valueCapacity { growValues() }
        let index = Int32(truncatingIfNeeded: valueCount)
        unsafe values[valueCount] = value
        valueCount &+= 1
        let entry = unsafe slots + Int(slot)
        if unsafe entry.pointee.generation != generation {
            unsafe entry.pointee = Slot(generation: generation, first: index, last: index)
        } else {
            unsafe values[Int(entry.pointee.last)].next = index
            unsafe entry.pointee.last = index
        }
        if !value.isInArray { unsafe entry.pointee.decoded = index }
        return index
    }

    /// Adds a scalar, given with its quotes, if it is wanted: if its slot is not -1.
    @inline(never)
    mutating func note(
        _ kind: JSONKind, _ start: Int, _ end: Int, _ slot: Int32, _ element: Int32, _ isInArray: Bool,
        hasEscapes: Bool = false
    ) {
        guard slot >= 0 else { return }
        let quote = kind == .string ? 1 : 0
        var value = Value(kind, start &+ quote, end &- quote, element, isInArray)
        value.hasEscapes = hasEscapes
        append(value, slot)
    }

    @inline(never)
    private mutating func growValues() {
        let larger = UnsafeMutablePointer<Value>.allocate(capacity: valueCapacity * 2)
        unsafe larger.moveInitialize(from: values, count: valueCount)
        unsafe values.deallocate()
        values = larger
        valueCapacity *= 2
    }

    /// Ends an object or array that was added when it began.
    @inline(__always)
    mutating func close(_ value: Int32, _ end: Int) {
        guard value >= 0 else { return }
        unsafe values[Int(value)].range.end = Int32(truncatingIfNeeded: end)
    }

    /// Adds an element of an array that is an object or array; gives its index.
    mutating func appendElement(_ parent: Int32, _ array: Int32, _ index: Int32) -> Int32 {
        let depth = parent < 0 ? 0 : elements[Int(parent)].depth + 1
        let element = Element(parent: parent, array: array, index: index, depth: depth)
        if elementCount < elements.count { elements[elementCount] = element } else { elements.append(element) }
        elementCount += 1
        return Int32(truncatingIfNeeded: elementCount - 1)
    }
}
