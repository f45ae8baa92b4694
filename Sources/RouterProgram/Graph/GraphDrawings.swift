import RealtimeRouter

/// Writes a graph in Mermaid, which GitHub and many editors draw. A box's shape shows its kind.
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

    /// Leaves much space between the columns, where many lines cross, and little between the boxes of a column.
    private static let layout =
        #"%%{init: {"flowchart": {"wrappingWidth": 480, "nodeSpacing": 18, "rankSpacing": 160, "padding": 8}}}%%"#

    private static func brackets(_ kind: RouteGraph.Kind) -> (String, String) {
        switch kind {
        case .source: ("[/", "/]")
        case .sessions: ("((", "))")
        case .events: ("([", "])")
        case .route: ("[", "]")
        case .handler: ("[[", "]]")
        case .sink: ("[(", ")]")
        }
    }

    /// Escapes the characters that have a meaning in Mermaid, in its Markdown or in HTML.
    private static func escaped(_ text: String) -> String {
        var result = ""
        var last: Unicode.Scalar?
        for scalar in text.printable.unicodeScalars {
            // Mermaid would end the line at `\n`, escaped or not, so a word joiner separates the two characters.
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

/// Writes a graph in Graphviz's DOT language. A box's shape shows its kind.
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
        case .sink: shape = ", shape=cylinder"
        }
        // `\l` ends a left-aligned line and `\n` a centred one. A single line is centred.
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
