/// Which `once_per` routes have fired for what, in one session.
struct FiredRoutes {
    private var fired: [Int: RecentValues<Bool>] = [:]

    /// Keeps what it knows under other numbers.
    ///
    /// - Parameter numbers: the new number of each route; nil for one that there is no longer.
    mutating func renumber(_ numbers: [Int?]) {
        fired = fired.reduce(into: [:]) { fired, route in
            if let number = numbers[route.key] { fired[number] = route.value }
        }
    }

    /// Whether the route may fire for this value; if so, that is noted.
    mutating func mayFire(_ route: Int, for value: Int) -> Bool {
        if fired[route]?.value(of: value) != nil { return false }
        fired[route, default: RecentValues()].set(true, for: value)
        return true
    }
}
