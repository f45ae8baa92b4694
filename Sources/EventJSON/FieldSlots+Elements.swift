extension FieldSlots {
    /// The element that an element's array lies in; -1 when it lies in none.
    ///
    /// Elements (see ``Value/element``) are numbered in document order, an outer one before those inside it.
    public func parent(ofElement element: Int32) -> Int32 {
        elements[Int(element)].parent
    }

    /// The number of the array that an element belongs to: different ones for different arrays of the event.
    public func array(ofElement element: Int32) -> Int32 {
        elements[Int(element)].array
    }
}
