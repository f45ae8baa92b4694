import RealtimeRouter

/// A picture in Graphviz's language.
enum DOTDrawing {
    static func text(_ graph: RouteGraph) -> String {
        var lines = [
            "digraph routes {",
            "  graph [rankdir=LR, nodesep=0.14, ranksep=2.4, splines=true, fontname=\"Helvetica\"]",
            "  node [shape=box, style=\"filled\", fontname=\"Helvetica\", fontsize=11, margin=\"0.14,0.06\", height=0.3]",
            "  edge [headport=w, tailport=e, color=\"#8c959f\", arrowsize=0.6]",
        ]
        for box in graph.boxes { lines.append("  \(box.id) [\(attributes(box))]") }
        let events = graph.boxes.filter { [.event, .derived, .events].contains($0.kind) }.map(\.id)
        lines.append("  { rank=same; \(events.joined(separator: "; ")) }")
        lines.append("  { rank=same; \(graph.boxes.filter { $0.kind == .handler }.map(\.id).joined(separator: "; ")) }")
        for line in graph.lines {
            let attributes = line.isDotted ? "style=dotted" : "color=\"\(line.colour)\""
            lines.append("  \(line.from) -> \(line.to) [\(attributes)]")
        }
        lines.append("}")
        return lines.joined(separator: "\n")
    }

    private static func attributes(_ box: RouteGraph.Box) -> String {
        let shape: String
        switch box.kind {
        case .event, .derived, .events: shape = ", style=\"filled,rounded\""
        case .route: shape = ""
        case .handler: shape = ", shape=component"
        case .last: shape = ", shape=cylinder"
        }
        // `\l` ends a line that begins at the left; a single line stands in the middle.
        let label =
            box.lines.count == 1
            ? escaped(box.lines[0]) : box.lines.map { escaped($0) + (box.kind == .route ? "\\l" : "\\n") }.joined()
        return
            "label=\"\(label)\", fillcolor=\"\(box.kind.colours.fill)\", color=\"\(box.kind.colours.stroke)\"\(shape)"
    }

    private static func escaped(_ text: String) -> String {
        var result = ""
        for character in text.printable {
            if character == "\"" || character == "\\" { result += "\\" }
            result.append(character)
        }
        return result
    }
}
