import RealtimeRouter

/// A picture in Graphviz's language. The shape of a box says what it is; there are no colours that a reader would have to learn.
enum DOTDrawing {
    static func text(_ graph: RouteGraph) -> String {
        var lines = [
            "digraph routes {",
            "  graph [rankdir=LR, nodesep=0.14, ranksep=2.4, splines=true, fontname=\"Helvetica\"]",
            "  node [shape=box, style=filled, fillcolor=\"#f6f8fa\", color=\"#8c959f\", fontname=\"Helvetica\", fontsize=11, margin=\"0.14,0.06\", height=0.3]",
            "  edge [headport=w, tailport=e, color=\"#8c959f\", arrowsize=0.6]",
        ]
        for box in graph.boxes { lines.append("  \(box.id) [\(attributes(box))]") }
        let events = graph.boxes.filter { $0.kind == .events }.map(\.id)
        lines.append("  { rank=same; \(events.joined(separator: "; ")) }")
        lines.append("  { rank=same; \(graph.boxes.filter { $0.kind == .handler }.map(\.id).joined(separator: "; ")) }")
        for line in graph.lines {
            lines.append("  \(line.from) -> \(line.to)\(line.isDotted ? " [style=dotted]" : "")")
        }
        lines.append("}")
        return lines.joined(separator: "\n")
    }

    private static func attributes(_ box: RouteGraph.Box) -> String {
        let shape: String
        switch box.kind {
        case .source: shape = ", shape=parallelogram"
        case .sessions: shape = ", shape=ellipse"
        case .events: shape = ", style=\"filled,rounded\""
        case .route: shape = ""
        case .handler: shape = ", shape=component"
        case .last: shape = ", shape=cylinder"
        }
        // `\l` ends a line that begins at the left; a single line stands in the middle.
        let label =
            box.lines.count == 1
            ? escaped(box.lines[0]) : box.lines.map { escaped($0) + (box.kind == .route ? "\\l" : "\\n") }.joined()
        return "label=\"\(label)\"\(shape)"
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
