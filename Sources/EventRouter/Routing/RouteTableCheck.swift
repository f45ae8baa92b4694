import ConfigSource

/// Checks that routes and handlers fit together: names are known and unique, and every route has events to take.
struct RouteTableCheck {
    let handlers: [HandlerBinding]
    let routes: [Route]
    let unmatched: String?
    let file: SourceFile?

    /// Reports errors; returns whether there are none.
    func run(_ diagnostics: Diagnostics) -> Bool {
        checkUnique(handlers.map { ($0.name, $0.location) }, "handler", diagnostics)
        checkUnique(routes.map { ($0.name, $0.location) }, "route", diagnostics)
        for binding in handlers { check(binding, diagnostics) }
        for route in routes { check(route, diagnostics) }
        if let unmatched, !handlers.contains(where: { $0.name == unmatched }) {
            report(diagnostics, "unmatched: there is no handler `\(unmatched)`", nil, help: suggestion(for: unmatched))
        }
        return !diagnostics.hasErrors
    }

    private func check(_ binding: HandlerBinding, _ diagnostics: Diagnostics) {
        guard binding.roles.takesFunctionCalls else { return }
        if binding.retry.attempts > 1 {
            report(
                diagnostics, "handler `\(binding.name)` may not retry function calls: a call runs at most once",
                binding.location, help: "remove `retry` from this handler")
        }
        if binding.timeout != nil {
            report(
                diagnostics,
                "handler `\(binding.name)` may not have a timeout: a call that is answered as late could still run",
                binding.location, help: "remove the timeout from this handler; each function has its own")
        }
    }

    private func check(_ route: Route, _ diagnostics: Diagnostics) {
        if route.handlers.isEmpty && !route.stop {
            report(
                diagnostics, "route `\(route.name)` names no handler", route.location,
                help: "add `to: HANDLER`, or `stop: true` to drop its events")
        } else if route.handlers.isEmpty && route.pattern == nil && route.side == .server {
            report(
                diagnostics, "route `\(route.name)` has no `match`, and no handler whose events it could take",
                route.location, help: "say which events it drops: `match: { type: … }`")
        }
        for name in route.handlers {
            guard let binding = handlers.first(where: { $0.name == name }) else {
                let message = "route `\(route.name)`: there is no handler `\(name)`"
                report(diagnostics, message, route.location, help: suggestion(for: name))
                continue
            }
            if route.side == .client {
                checkClientRoute(route, binding, diagnostics)
            } else if route.pattern == nil && binding.handler.interests.isEmpty {
                report(
                    diagnostics,
                    "route `\(route.name)` has no `match`, and handler `\(name)` has no events of its own",
                    route.location,
                    help: "say which events it should get, for example `match: { type: response.done }`")
            }
            if binding.roles.takesFunctionCalls, let retry = route.retry, retry.attempts > 1 {
                report(
                    diagnostics,
                    "route `\(route.name)` may not retry function calls of `\(name)`: a call runs at most once",
                    route.location, help: "remove `retry` from this route")
            }
        }
    }

    /// Checks that a handler can get events from a route of client events.
    private func checkClientRoute(_ route: Route, _ binding: HandlerBinding, _ diagnostics: Diagnostics) {
        if binding.roles.takesFunctionCalls {
            report(
                diagnostics,
                "route `\(route.name)` takes events of the client, and handler `\(binding.name)` takes function calls only",
                route.location, help: "send them to another handler, or take away `direction: client`")
        } else if !route.constrainsType, !binding.handler.interests.isEmpty,
            binding.handler.interests(from: .client).isEmpty
        {
            report(
                diagnostics,
                "route `\(route.name)` takes events of the client, and handler `\(binding.name)` is made for events of the server",
                route.location,
                help: "say which events it gets, for example `match: { direction: client, type: session.update }`")
        }
    }

    private func checkUnique(_ names: [(String, SourceLocation?)], _ what: String, _ diagnostics: Diagnostics) {
        var seen: Set<String> = []
        for (name, location) in names where !seen.insert(name).inserted {
            report(diagnostics, "there are two \(what)s called `\(name)`", location, help: "rename one of them")
        }
    }

    private func suggestion(for name: String) -> String {
        let names = handlers.map(\.name)
        if let near = closest(to: name, among: names) { return "did you mean `\(near)`?" }
        return names.isEmpty ? "there are no handlers" : "the handlers are \(names.joined(separator: ", "))"
    }

    private func report(_ diagnostics: Diagnostics, _ message: String, _ location: SourceLocation?, help: String) {
        diagnostics.error(message, at: location, in: file, help: help)
    }
}
