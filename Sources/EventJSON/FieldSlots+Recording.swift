extension FieldSlots {
    /// An object or array that the scanner is in.
    struct Frame: Sendable {
        /// The step of the plan that leads here.
        var node: Int32 = 0
        /// Its own value, when it is wanted itself, or -1.
        var value: Int32 = -1
        /// The innermost element that it is or lies in, or -1.
        var element: Int32 = -1
        /// Its number among arrays; -1 when it is an object.
        var array: Int32 = -1
        /// The position in the array.
        var index: Int32 = 0
        /// Whether it is an array or lies in one.
        var isInArray = false

        @inline(__always)
        var isArray: Bool { array >= 0 }

        @inline(__always)
        var closing: UInt8 { isArray ? UInt8(ascii: "]") : UInt8(ascii: "}") }

        /// The element of an object or array that comes next in here: its own when this is an array.
        @inline(__always)
        func elementNode(_ slots: inout FieldSlots) -> Int32 {
            isArray ? slots.appendElement(element, array, index) : element
        }

        /// The frame of an object or array in here.
        @inline(__always)
        func inside(
            _ opening: UInt8, _ node: Int32, _ value: Int32, _ element: Int32, _ slots: inout FieldSlots
        ) -> Frame {
            var inner = Frame(node: node, value: value, element: element, isInArray: isInArray)
            if opening == UInt8(ascii: "[") {
                inner.array = slots.arrayCount
                inner.isInArray = true
                slots.arrayCount &+= 1
            }
            return inner
        }
    }

    /// Forgets the values of the event before.
    @inline(__always)
    mutating func begin() {
        generation &+= 1
        if generation == 0 {
            for slot in slots.indices { slots[slot].generation = 0 }
            generation = 1
        }
        valueCount = 0
        elementCount = 0
        arrayCount = 0
        rootKind = .null
        if !side.isEmpty { side.removeAll(keepingCapacity: true) }
    }

    /// Adds a value of a field.
    @inline(__always)
    mutating func append(_ value: Value, _ slot: Int32) {
        let index = Int32(truncatingIfNeeded: valueCount)
        if valueCount < values.count { values[valueCount] = value } else { values.append(value) }
        valueCount &+= 1
        var entry = slots[Int(slot)]
        if entry.generation != generation {
            entry = Slot(generation: generation, first: index, last: index)
        } else {
            values[Int(entry.last)].next = index
            entry.last = index
        }
        if !value.isInArray { entry.decoded = index }
        slots[Int(slot)] = entry
    }

    /// Adds an object or array that begins at `start`, if it is wanted itself; gives its index or -1.
    @inline(__always)
    mutating func append(_ slot: Int32, _ opening: UInt8, _ start: Int, _ parent: Frame, _ element: Int32) -> Int32 {
        guard slot >= 0 else { return -1 }
        let kind = opening == UInt8(ascii: "{") ? JSONKind.object : .array
        append(Value(kind, start, start, element, parent.isInArray), slot)
        return Int32(truncatingIfNeeded: valueCount &- 1)
    }

    /// Ends an object or array that was added when it began.
    @inline(__always)
    mutating func close(_ value: Int32, _ end: Int) {
        guard value >= 0 else { return }
        values[Int(value)].range.end = Int32(truncatingIfNeeded: end)
    }

    mutating func appendElement(_ parent: Int32, _ array: Int32, _ index: Int32) -> Int32 {
        let depth = parent < 0 ? 0 : elements[Int(parent)].depth + 1
        let element = Element(parent: parent, array: array, index: index, depth: depth)
        if elementCount < elements.count { elements[elementCount] = element } else { elements.append(element) }
        elementCount += 1
        return Int32(truncatingIfNeeded: elementCount - 1)
    }
}
