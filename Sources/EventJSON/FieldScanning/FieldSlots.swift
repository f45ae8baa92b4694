/// The byte ranges of a plan's fields in one event.
///
/// Create it once; ``FieldPlan/scan(_:into:)`` refills it for each event. It holds byte ranges and no text, so reading
/// a field takes the event's text as an argument: the same bytes that were scanned.
///
/// A field can have several values: arrays add no key to a path, and JSON allows a repeated key. ``value(_:)`` is the
/// value that a decoder would return; ``firstIndex(_:)`` and ``nextIndex(_:)`` iterate over all of them.
///
/// The slots own their memory and cannot be copied, so no write of a scan has to check whether its array is shared.
/// They can be sent to another thread, since no other value refers to the memory.
public struct FieldSlots: ~Copyable, @unchecked Sendable {
    /// One value of a field.
    public struct Value: Sendable {
        /// The kind of the value.
        public internal(set) var kind: JSONKind
        /// Whether the bytes of a string differ from its text, because they contain escapes or the text was replaced.
        public internal(set) var hasEscapes = false
        /// Whether the path to the value leads through an array.
        public internal(set) var isInArray: Bool
        /// The value's bytes in the event; a string's quotes are excluded.
        public internal(set) var range: ByteRange
        /// The innermost array element around the value that is an object or array; -1 if there is none.
        ///
        /// A scalar directly in an array is not such an element: see ``FieldSlots/areConsistent(_:_:)``.
        public internal(set) var element: Int32
        /// The index of the next value of the same field, or -1.
        @usableFromInline var next: Int32 = -1
        /// The range of the decoded text in `decodedTexts`; starts at -1 until the text has been decoded.
        @usableFromInline var textRange = ByteRange(start: -1, end: -1)

        @inline(__always)
        init(_ kind: JSONKind, _ start: Int, _ end: Int, _ element: Int32, _ isInArray: Bool) {
            self.kind = kind
            self.isInArray = isInArray
            self.element = element
            range = ByteRange(
                start: Int32(truncatingIfNeeded: start), end: Int32(truncatingIfNeeded: end))
        }
    }

    /// The values of one field.
    @usableFromInline
    struct Slot: Sendable {
        /// The scan that recorded these values. Values of an older scan are ignored, so slots never need clearing.
        @usableFromInline var generation: UInt32 = 0
        @usableFromInline var first: Int32 = -1
        var last: Int32 = -1
        /// The index of the last value outside arrays.
        @usableFromInline var decoded: Int32 = -1
    }

    /// An object or array that is an element of an array.
    struct Element: Sendable {
        /// The element that contains this element's array, or -1.
        var parent: Int32
        var array: Int32
        var index: Int32
        /// The number of enclosing elements.
        var depth: Int32
    }

    /// The kind of the whole text: an object for an event, `null` before the first scan.
    public internal(set) var rootKind = JSONKind.null

    @usableFromInline let slotCount: Int
    /// One slot for each path of the plan.
    @usableFromInline let slots: UnsafeMutablePointer<Slot>
    @usableFromInline var generation: UInt32 = 1
    @usableFromInline var values: UnsafeMutablePointer<Value>
    @usableFromInline var valueCount = 0
    var valueCapacity = 16
    var elements: [Element] = []
    var elementCount = 0
    var arrayCount: Int32 = 0
    /// Texts whose bytes are not in the event: decoded escapes and replaced values.
    @usableFromInline var decodedTexts: [UInt8] = []
    /// The memory of a scan.
    private(set) var memory: ScanRooms.Memory
    private let rooms: ScanRooms?
    /// Whether the scan memory has been returned to the pool until the next scan.
    private(set) var hasReleasedMemory = false
    /// The decoded form of a key with escapes, while it is looked up.
    var key: [UInt8] = []

    /// Creates empty slots for a plan.
    ///
    /// - Parameters:
    ///   - plan: The plan.
    ///   - rooms: The pool to which ``rest()`` returns the scan memory; nil if the slots allocate their own memory.
    public init(_ plan: FieldPlan, rooms: ScanRooms? = nil) {
        self.rooms = rooms
        memory = rooms?.acquire() ?? ScanRooms.Memory()
        slotCount = plan.slotCount
        slots = .allocate(capacity: slotCount)
        unsafe slots.initialize(repeating: Slot(), count: slotCount)
        values = .allocate(capacity: valueCapacity)
    }

    deinit {
        unsafe slots.deallocate()
        unsafe values.deallocate()
        guard !hasReleasedMemory else { return }
        if let rooms { rooms.release(memory) } else { memory.deallocate() }
    }

    /// Returns the scan memory to the shared pool, if there is one. The next scan takes memory from the pool again. The
    /// results of the last scan remain.
    public mutating func rest() {
        guard let rooms, !hasReleasedMemory else { return }
        rooms.release(memory)
        hasReleasedMemory = true
    }

    /// Takes scan memory from the pool.
    mutating func acquireMemory() {
        if let rooms { memory = rooms.acquire() }
        hasReleasedMemory = false
    }

    /// The value of a field that a decoder would return: the last value outside all arrays.
    @inlinable
    public func value(_ slot: Int) -> Value? {
        let index = index(slot)
        return index < 0 ? nil : self[index]
    }

    /// The index of ``value(_:)``; -1 if there is no such value.
    @inlinable
    public func index(_ slot: Int) -> Int32 {
        let entry = self.slot(slot)
        return entry.generation == generation ? entry.decoded : -1
    }

    /// The index of a field's first value in document order, including values in arrays and under repeated keys; -1 if
    /// there is none.
    @inlinable
    public func firstIndex(_ slot: Int) -> Int32 {
        let entry = self.slot(slot)
        return entry.generation == generation ? entry.first : -1
    }

    /// The index of the next value of the same field; -1 after the last value.
    @inlinable
    public func nextIndex(_ index: Int32) -> Int32 {
        self[index].next
    }

    /// The value at an index of this scan.
    @inlinable
    public subscript(index: Int32) -> Value {
        precondition(UInt(bitPattern: Int(index)) < UInt(bitPattern: valueCount), "The index is not one of this scan.")
        return unsafe values[Int(index)]
    }

    @inlinable
    func slot(_ slot: Int) -> Slot {
        precondition(UInt(bitPattern: slot) < UInt(bitPattern: slotCount), "The slot is not one of the plan.")
        return unsafe slots[slot]
    }

    /// Whether two values are consistent: they are unless they lie in different elements of the same array.
    ///
    /// Only elements that are objects or arrays count. In `{"a":[1],"b":[2]}`, `1` and `2` are consistent; so are the
    /// numbers of `[1,2]`. The numbers of `[{"a":1},{"b":2}]` are not.
    public func areConsistent(_ left: Int32, _ right: Int32) -> Bool {
        var left = self[left].element
        var right = self[right].element
        if left == right || left < 0 || right < 0 { return true }
        while elements[Int(left)].depth > elements[Int(right)].depth { left = elements[Int(left)].parent }
        while elements[Int(right)].depth > elements[Int(left)].depth { right = elements[Int(right)].parent }
        if left == right { return true }
        while elements[Int(left)].parent != elements[Int(right)].parent {
            left = elements[Int(left)].parent
            right = elements[Int(right)].parent
        }
        return elements[Int(left)].array != elements[Int(right)].array
    }
}

extension FieldSlots {
    /// The element that contains an element's array; -1 if there is none.
    ///
    /// Elements (see ``Value/element``) are numbered in document order, an outer one before those inside it.
    public func parent(ofElement element: Int32) -> Int32 {
        elements[Int(element)].parent
    }

    /// The number of the array that an element belongs to. Each array of the event has its own number.
    public func array(ofElement element: Int32) -> Int32 {
        elements[Int(element)].array
    }
}

extension FieldSlots {
    /// Removes the values of the previous event.
    @inline(__always)
    mutating func reset() {
        generation &+= 1
        if generation == 0 {
            for slot in 0..<slotCount { unsafe slots[slot].generation = 0 }
            generation = 1
        }
        valueCount = 0
        elementCount = 0
        arrayCount = 0
        rootKind = .null
        if !decodedTexts.isEmpty { decodedTexts.removeAll(keepingCapacity: true) }
    }

    /// Appends a value of a field; returns its index.
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

    /// Appends a scalar, unless its slot is -1. The range of a string includes its quotes.
    @inline(never)
    mutating func record(
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

    /// Sets the end of an object or array that was appended when it began.
    @inline(__always)
    mutating func close(_ value: Int32, _ end: Int) {
        guard value >= 0 else { return }
        unsafe values[Int(value)].range.end = Int32(truncatingIfNeeded: end)
    }

    /// Appends an array element that is an object or array; returns its index.
    mutating func appendElement(_ parent: Int32, _ array: Int32, _ index: Int32) -> Int32 {
        let depth = parent < 0 ? 0 : elements[Int(parent)].depth + 1
        let element = Element(parent: parent, array: array, index: index, depth: depth)
        if elementCount < elements.count { elements[elementCount] = element } else { elements.append(element) }
        elementCount += 1
        return Int32(truncatingIfNeeded: elementCount - 1)
    }
}

/// A half-open range of byte offsets in one event's text.
///
/// Offsets have 32 bits, which keeps recorded values small. A text of 2 GiB or more is rejected before it is scanned.
public struct ByteRange: Sendable, Hashable {
    /// The offset of the first byte.
    public var start: Int32
    /// The offset after the last byte.
    public var end: Int32

    /// Creates the range `start..<end`.
    @inlinable
    public init(start: Int32, end: Int32) {
        self.start = start
        self.end = end
    }

    /// The number of bytes.
    @inlinable
    public var count: Int { Int(end) - Int(start) }

    /// The same range for the standard library's collections and spans.
    @inlinable
    public var offsets: Range<Int> { Int(start)..<Int(end) }
}
