/// A run of elements in one of the flat arrays that compiled patterns lie in.
struct Slice: Sendable, Hashable {
    var start: Int32
    var count: Int32

    init(_ range: Range<Int>) {
        start = Int32(range.lowerBound)
        count = Int32(range.count)
    }

    @inline(__always)
    var range: Range<Int> { Int(start)..<Int(start) + Int(count) }
}
