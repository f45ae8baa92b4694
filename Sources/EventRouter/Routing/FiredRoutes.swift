/// Which `once_per` routes have fired for what, in one session.
struct FiredRoutes {
    private var fired: [Int: RecentValues<Bool>] = [:]

    /// Whether the route may fire for this value; if so, that is noted.
    mutating func mayFire(_ route: Int, for value: Int) -> Bool {
        if fired[route]?.value(of: value) != nil { return false }
        fired[route, default: RecentValues()].set(true, for: value)
        return true
    }
}
