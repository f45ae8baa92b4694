import RealtimeRouter

/// A picture as Mermaid, which GitHub and many editors draw.
enum MermaidDrawing {
    static func text(_ graph: RouteGraph) -> String {
        var lines = [layout, "flowchart LR"]
        for box in graph.boxes {
            let label = box.lines.map(escaped).joined(separator: "<br>")
            let (open, close) = brackets(box.kind)
            lines.append("  \(box.id)\(open)\"\(label)\"\(close)")
        }
        for line in graph.lines { lines.append("  \(line.from) \(line.isDotted ? "-.->" : "-->") \(line.to)") }
        for (colour, numbers) in coloured(graph.lines) {
            lines.append("  linkStyle \(numbers.map(String.init).joined(separator: ",")) stroke:\(colour)")
        }
        for kind in RouteGraph.Kind.allCases {
            let members = graph.boxes.filter { $0.kind == kind }.map(\.id)
            guard !members.isEmpty else { continue }
            let colours = kind.colours
            lines.append("  classDef \(kind) fill:\(colours.fill),stroke:\(colours.stroke),color:#1f2328")
            lines.append("  class \(members.joined(separator: ",")) \(kind)")
        }
        return lines.joined(separator: "\n")
    }

    /// Room between the columns, where many lines cross, and little between boxes.
    private static let layout =
        #"%%{init: {"flowchart": {"wrappingWidth": 480, "nodeSpacing": 18, "rankSpacing": 160, "padding": 8}}}%%"#

    /// The numbers of the lines of each colour, in the order in which the colours occur.
    private static func coloured(_ lines: [RouteGraph.Line]) -> [(colour: String, numbers: [Int])] {
        var groups: [(colour: String, numbers: [Int])] = []
        for (number, line) in lines.enumerated() where !line.isDotted {
            if let index = groups.firstIndex(where: { $0.colour == line.colour }) {
                groups[index].numbers.append(number)
            } else {
                groups.append((line.colour, [number]))
            }
        }
        return groups
    }

    private static func brackets(_ kind: RouteGraph.Kind) -> (String, String) {
        switch kind {
        case .event, .derived, .events: ("([", "])")
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
