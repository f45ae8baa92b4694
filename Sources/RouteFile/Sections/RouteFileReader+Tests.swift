import ConfigSource
import EventJSON
import EventRouter

extension RouteFileReader {
    /// The tests of the file, checked for their shape.
    func readTests(_ section: inout Section) -> [RouteTest] {
        var names: [String: Node] = [:]
        return (section.list("tests") ?? []).compactMap { test($0, &names) }
    }

    private func test(_ node: Node, _ names: inout [String: Node]) -> RouteTest? {
        guard var section = Section(node, what: "a test", diagnostics) else { return nil }
        section.know(["name", "event", "routes"])
        let name = uniqueName(&section, "test", &names)
        let event = self.event(&section)
        let routes = expectedRoutes(&section)
        section.finish()
        guard let name, let event, let routes else { return nil }
        return RouteTest(name: name, event: event, routes: routes, location: node.location)
    }

    private func event(_ section: inout Section) -> JSONValue? {
        guard section.require("event", help: "write `event: {type: response.done}`"), let node = section.node("event")
        else { return nil }
        guard let entries = node.entries else {
            diagnostics.error("`event` must be a mapping, and this is \(node.kindName)", at: node)
            return nil
        }
        if let type = entries.first(where: { $0.name == "type" })?.value {
            EventTypeLint(diagnostics: diagnostics).checkName(type)
        }
        return JSONValue(node)
    }

    private func expectedRoutes(_ section: inout Section) -> [String]? {
        let help = "name the routes that are to fire; `routes: []` for none"
        guard section.require("routes", help: help), let node = section.node("routes") else { return nil }
        let names = section.stringList("routes")
        for element in node.list ?? [] {
            guard let name = element.string, routeNames[name] == nil else { continue }
            diagnostics.error(
                "there is no route \(quoted(name))", at: element,
                help: suggestion(for: name, among: routeNames.keys.sorted(), called: "routes"))
        }
        return names
    }
}
