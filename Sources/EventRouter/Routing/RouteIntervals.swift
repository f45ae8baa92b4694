import Synchronization

/// When routes with `once_per: { every: … }` fired last, in all sessions of a router.
final class RouteIntervals: Sendable {
    /// What a time counts from. Times of different scales cannot be compared, so each scale has intervals of its own.
    enum Scale: Hashable, Sendable {
        /// The router's clock.
        case clock
        /// 1970, for recordings that say when they began.
        case wall
        /// The beginning of the recording that a run routes.
        case recording(run: Int)
    }

    private struct Key: Hashable {
        var route: String
        var scale: Scale
    }

    private let times = Mutex<[Key: RecentValues<Double>]>([:])

    /// Whether a route may fire for a value; if so, that is noted.
    ///
    /// - Parameters:
    ///   - route: The route's name.
    ///   - value: The hash of what the route counts by.
    ///   - interval: The least time between two firings, in seconds.
    ///   - time: The time of the event, in seconds. Recordings may come in any order: what lies so long before counts like what
    ///     lies so long after.
    ///   - scale: What the time counts from.
    func mayFire(_ route: String, for value: Int, every interval: Double, at time: Double, on scale: Scale) -> Bool {
        times.withLock { times in
            let key = Key(route: route, scale: scale)
            if let last = times[key]?.value(of: value), abs(time - last) < interval { return false }
            times[key, default: RecentValues()].set(time, for: value)
            return true
        }
    }

    /// Removes what was noted of a run whose times no other run can be compared with.
    func forget(run: Int) {
        times.withLock { times in times = times.filter { $0.key.scale != .recording(run: run) } }
    }
}
