import RealtimeRouter

/// A picture as Mermaid, which GitHub and many editors draw. The shape of a box says what it is; there are no colours that a reader
/// would have to learn.
enum MermaidDrawing {
    static func text(_ graph: RouteGraph) -> String {
        var lines = [layout, "flowchart LR"]
        for box in graph.boxes {
            let label = box.lines.map(escaped).joined(separator: "<br>")
            let (open, close) = brackets(box.kind)
            lines.append("  \(box.id)\(open)\"\(label)\"\(close)")
        }
        for line in graph.lines { lines.append("  \(line.from) \(line.isDotted ? "-.->" : "-->") \(line.to)") }
        lines.append("  classDef default fill:#f6f8fa,stroke:#8c959f,color:#1f2328")
        return lines.joined(separator: "\n")
    }

    /// Room between the columns, where many lines cross, and little between boxes.
    private static let layout =
        #"%%{init: {"flowchart": {"wrappingWidth": 480, "nodeSpacing": 18, "rankSpacing": 160, "padding": 8}}}%%"#

    private static func brackets(_ kind: RouteGraph.Kind) -> (String, String) {
        switch kind {
        case .source: ("[/", "/]")
        case .sessions: ("((", "))")
        case .events: ("([", "])")
        case .route: ("[", "]")
        case .handler: ("[[", "]]")
        case .last: ("[(", ")]")
        }
    }

    /// A text in which nothing means anything to Mermaid, to its Markdown or to HTML.
    private static func escaped(_ text: String) -> String {
        var result = ""
        var last: Unicode.Scalar?
        for scalar in text.printable.unicodeScalars {
            // Mermaid would end the line at `\n`, escaped or not: a word joiner keeps them apart.
            if last == "\\", scalar == "n" { result += "#8288;" }
            last = scalar
            switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9", " ", ".", ",", ":", "_", "-", "(", ")", "/", "…", "=":
                result.unicodeScalars.append(scalar)
            case _ where scalar.value > 0x7F: result.unicodeScalars.append(scalar)
            default: result += "#\(scalar.value);"
            }
        }
        return result
    }
}

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
