import RealtimeRouter

/// The HTML page about one or more sessions. It loads no other files and runs no scripts.
struct ReportPage {
    private let sessions: [ReportedSession]

    init(_ sessions: [ReportedSession]) {
        self.sessions = sessions
    }

    /// The whole page.
    var html: HTML {
        let title = sessions.count == 1 ? sessions[0].timeline.key : "\(sessions.count) sessions"
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <meta name="color-scheme" content="light dark">
            <title>\(title)</title>
            <style>
            \(ReportStyle.sheet)
            </style>
            </head>
            <body>
            \(sessions.count > 1 ? contents : "")
            \(sessions.enumerated().map { SessionSection($1, number: $0).html })
            <footer>made by realtime-router</footer>
            </body>
            </html>

            """
    }

    /// The table of several sessions, with links to their sections.
    private var contents: HTML {
        let rows = sessions.enumerated().map { number, session -> HTML in
            row("<a href=\"#s\(number)\">\(session.timeline.key)</a>", session.figures)
        }
        let total = ReportFigures(totalOf: sessions.map(\.figures), latencies: sessions.flatMap(\.timeline.latencies))
        let heads = total.tiles.map(\.name)
        return """
            <header><h1>\(sessions.count) sessions</h1></header>
            <section class="card"><div class="scroll" tabindex="0"><table class="contents">
            <tr><th></th>\(heads.map { name -> HTML in "<th>\(name)</th>" })</tr>
            \(rows)
            \(row("all", total))
            </table></div></section>
            """
    }

    private func row(_ name: HTML, _ figures: ReportFigures) -> HTML {
        "<tr><th>\(name)</th>\(figures.tiles.map { tile -> HTML in "<td>\(tile.value)</td>" })</tr>"
    }

    /// Writes the page to a file, whose content it replaces, or to standard output if the path is `-`.
    ///
    /// - Throws: `FileFailure` if the file cannot be written or is a symbolic link.
    func write(to path: String) throws {
        let bytes = Array(html.description.utf8)
        guard path != "-" else { return Terminal.write(bytes: bytes) }
        try WholeFile(path: path).writePrivately(bytes)
    }
}

/// The page's style sheet: light or dark like the reader's system, for narrow and wide screens.
enum ReportStyle {
    static let sheet: HTML = """
        :root {
          --paper: #f7f5f1; --card: #fffefb; --ink: #211d18; --soft: #756d62; --line: #e6e0d6; --shade: #efeae1;
          --caller: #1b8a8f; --agent: #5a55c9; --response: #b3aee6; --wait: #b9b0a2; --tool: #cf8420; --broken: #d03a5c;
          --tone-1: #3d3830; --tone-2: #8d8477; --tone-3: #c4bbad; --shadow: rgba(33, 29, 24, .28);
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --paper: #151417; --card: #1d1c20; --ink: #ece8e1; --soft: #98919b; --line: #2e2c33; --shade: #26242a;
            --caller: #3fb5b3; --agent: #8a86f0; --response: #4b4880; --wait: #5e5a63; --tool: #e0a04a; --broken: #f0637f;
            --tone-1: #e4dfd6; --tone-2: #97909a; --tone-3: #57525d; --shadow: rgba(0, 0, 0, .75);
          }
        }
        * { box-sizing: border-box; margin: 0; }
        body {
          background: var(--paper); color: var(--ink); padding: 28px clamp(14px, 3vw, 44px) 40px; max-width: 1560px;
          margin: 0 auto; font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
        }
        main + main { margin-top: 56px; }
        header { margin: 0 2px 20px; }
        h1 { font-size: clamp(22px, 3vw, 30px); line-height: 1.2; letter-spacing: -.02em; overflow-wrap: anywhere; }
        header p { color: var(--soft); overflow-wrap: anywhere; }
        h2 { font-size: 15px; font-weight: 650; margin-bottom: 14px; }
        h2 small { color: var(--soft); font-weight: 400; }
        small, .note { color: var(--soft); font-size: 12.5px; }
        .note { margin: -8px 0 10px; }
        .card { background: var(--card); border: 1px solid var(--line); border-radius: 14px; padding: 18px 20px; }
        .scroll {
          overflow-x: auto; background-color: var(--card); background-repeat: no-repeat;
          background-image: linear-gradient(90deg, var(--card) 50%, transparent), linear-gradient(-90deg, var(--card) 50%, transparent),
            radial-gradient(farthest-side at 0 50%, var(--shadow), transparent), radial-gradient(farthest-side at 100% 50%, var(--shadow), transparent);
          background-size: 48px 100%, 48px 100%, 16px 100%, 16px 100%; background-position: 0 0, 100% 0, 0 0, 100% 0;
          background-attachment: local, local, scroll, scroll;
        }
        :focus-visible { outline: 2px solid var(--agent); outline-offset: 2px; }
        .tiles {
          display: grid; grid-template-columns: repeat(auto-fit, minmax(124px, 1fr)); gap: 1px; background: var(--line);
          border: 1px solid var(--line); border-radius: 14px; overflow: hidden; margin-bottom: 18px;
        }
        .tile { background: var(--card); padding: 13px 16px 12px; display: flex; flex-direction: column; min-width: 0; container-type: inline-size; }
        .tile span { color: var(--soft); font-size: 12.5px; }
        .tile b { font-size: min(23px, 165cqi / var(--n)); line-height: 34px; font-weight: 600; letter-spacing: -.02em; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
        .tile small { line-height: 1.35; overflow-wrap: anywhere; }
        .columns { display: grid; grid-template-columns: minmax(0, 1fr) minmax(300px, 400px); gap: 18px; align-items: start; }
        .charts { display: grid; grid-template-columns: minmax(0, 1fr); gap: 18px; min-width: 0; }
        .overview { position: relative; margin-bottom: 3px; padding: 6px 0; background: var(--shade); border-radius: 7px; overflow: clip; }
        .overview div { position: relative; height: 5px; margin: 2px 0; }
        .overview .strips { height: auto; }
        .overview i { position: absolute; top: 0; bottom: 0; min-width: 2px; border-radius: 1px; background: var(--wait); }
        .overview .caller { background: var(--caller); } .overview .agent { background: var(--agent); }
        .overview .response { background: var(--response); } .overview .tool { background: var(--tool); } .overview .error { background: var(--broken); }
        .overview a { position: absolute; top: 0; bottom: 0; animation: shown linear; }
        .overview a:hover, .overview a:focus-visible { background: color-mix(in srgb, var(--agent) 24%, transparent); outline-offset: -2px; }
        @keyframes shown { from, to { background: color-mix(in srgb, var(--ink) 13%, transparent); } }
        .ends { display: flex; justify-content: space-between; font-size: 11.5px; color: var(--soft); margin-bottom: 14px; font-variant-numeric: tabular-nums; }
        .target { position: absolute; top: 0; bottom: 0; scroll-margin: 190px 50vw 0 20px; }
        .target:target { background: color-mix(in srgb, var(--agent) 8%, transparent); }
        .track { position: relative; padding-bottom: 2px; }
        .axis { position: relative; height: 20px; font-size: 11.5px; color: var(--soft); font-variant-numeric: tabular-nums; }
        .axis span { position: absolute; padding-left: 4px; }
        .lanes { position: relative; padding: 4px 0; border-top: 1px solid var(--line); }
        .grid { position: absolute; top: 0; bottom: 0; border-left: 1px solid var(--line); }
        .lane { position: relative; padding: 5px 0 6px; }
        .lane > span { position: sticky; left: 0; display: inline-block; font-size: 11.5px; color: var(--soft); background: var(--card); padding: 0 6px 0 0; margin-bottom: 3px; }
        .bars { position: relative; }
        .bar {
          position: absolute; height: 20px; min-width: 4px; border-radius: 5px; background: var(--wait); color: #fff;
          font-size: 11.5px; line-height: 20px; padding: 0; white-space: nowrap; text-decoration: none;
        }
        .bar.caller { background: var(--caller); }
        .bar.agent { background: var(--agent); }
        .bar.response { background: var(--response); height: 10px; margin-top: 5px; border-radius: 3px; }
        .bar.wait { background: repeating-linear-gradient(-45deg, var(--wait) 0 3px, transparent 3px 6px); height: 8px; margin-top: 6px; color: var(--soft); border-radius: 3px; }
        .bar.wait, .bar.tool { text-indent: calc(100% + 5px); line-height: 8px; }
        .bar.tool { background: var(--tool); color: var(--ink); line-height: 20px; min-width: 6px; }
        .bar.error { background: var(--broken); min-width: 10px; height: 10px; border-radius: 50%; margin-top: 5px; }
        .bar.broken { box-shadow: inset -4px 0 0 var(--broken); }
        a.bar[href]:hover { filter: brightness(1.12); outline: 2px solid var(--ink); outline-offset: 1px; }
        i.cut { position: absolute; top: 0; bottom: 0; border-left: 2px dashed var(--broken); margin-left: -1px; }
        .legend { display: flex; flex-wrap: wrap; gap: 4px 20px; font-size: 12.5px; color: var(--soft); margin-top: 8px; }
        .legend:empty { display: none; }
        .legend span::before { content: ""; display: inline-block; width: 12px; height: 12px; margin-right: 7px; vertical-align: -2px; }
        .legend .cut::before { border-left: 2px dashed var(--broken); width: 2px; }
        .legend .broken::before { background: var(--shade); box-shadow: inset -4px 0 0 var(--broken); border-radius: 3px; }
        .histogram { display: flex; gap: 3px; height: 168px; align-items: stretch; }
        .histogram div { flex: 1; min-width: 0; display: flex; flex-direction: column; justify-content: flex-end; align-items: stretch; }
        .histogram i { background: color-mix(in srgb, var(--ink) 58%, var(--card)); border-radius: 4px 4px 0 0; }
        .histogram b { font-size: 11.5px; font-weight: 500; text-align: center; color: var(--soft); }
        .histogram span { border-top: 1px solid var(--line); font-size: 11px; color: var(--soft); padding-top: 3px; white-space: nowrap; font-variant-numeric: tabular-nums; }
        .histogram.dense div:nth-child(even) span { color: transparent; }
        .tokens + .tokens { margin-top: 14px; }
        .tokens > span { font-size: 13.5px; }
        .stack { display: flex; gap: 2px; height: 14px; margin: 4px 0 3px; background: var(--shade); border-radius: 5px; overflow: hidden; }
        .parts { display: flex; flex-wrap: wrap; gap: 0 16px; color: var(--soft); font-size: 12.5px; }
        .parts i { display: inline-block; width: 10px; height: 10px; border-radius: 3px; margin-right: 6px; }
        .tokens .text { background: var(--tone-1); }
        .tokens .audio { background: var(--tone-2); }
        .tokens .image { background: var(--tone-3); }
        .tokens .rest { background: repeating-linear-gradient(-45deg, var(--tone-2) 0 2px, transparent 2px 4px); }
        .transcript { position: sticky; top: 18px; max-height: calc(100vh - 36px); overflow-y: auto; }
        .transcript ol { list-style: none; padding: 0; }
        .transcript li { padding: 9px 0 9px 14px; border-left: 3px solid var(--line); margin-bottom: 8px; overflow-wrap: anywhere; }
        .transcript li div { display: flex; flex-wrap: wrap; gap: 0 9px; font-size: 12.5px; color: var(--soft); align-items: baseline; }
        .transcript b { font-weight: 650; text-transform: capitalize; }
        .transcript em { font-style: normal; color: var(--broken); }
        .transcript .caller { border-color: var(--caller); } .transcript .caller b { color: var(--caller); }
        .transcript .agent { border-color: var(--agent); } .transcript .agent b { color: var(--agent); }
        .transcript .tool { border-color: var(--tool); } .transcript .tool b { color: var(--tool); }
        .transcript .tool p { font: 12.5px/1.5 ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
        .transcript .tool em { color: var(--soft); }
        .transcript .error { border-color: var(--broken); } .transcript .error b { color: var(--broken); }
        .transcript li:target { background: var(--shade); border-radius: 0 10px 10px 0; scroll-margin: 60px; }
        .transcript .none { color: var(--soft); }
        .contents { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
        .contents th, .contents td { text-align: right; padding: 7px 12px; border-bottom: 1px solid var(--line); white-space: nowrap; }
        .contents th:first-child { position: sticky; left: 0; background: var(--card); text-align: left; max-width: 260px; overflow: hidden; text-overflow: ellipsis; }
        .contents tr:last-child > * { font-weight: 650; }
        .contents tr:first-child th { color: var(--soft); font-weight: 400; font-size: 12.5px; }
        .contents tr:last-child > * { border-bottom: 0; }
        .contents { margin-bottom: 0; } .contents a { color: var(--agent); }
        header + .card { margin-bottom: 48px; }
        footer { color: var(--soft); font-size: 12.5px; margin-top: 32px; text-align: center; }
        @media (max-width: 500px) { .histogram div:nth-child(even) span { color: transparent; } }
        @media (max-width: 900px) {
          .columns { grid-template-columns: minmax(0, 1fr); }
          .transcript { position: static; max-height: none; }
          .tile b { font-size: min(20px, 165cqi / var(--n)); }
          .tiles { grid-template-columns: repeat(3, 1fr); }
          .tile { padding: 10px 12px; }
          .card { padding: 15px 16px; }
          .contents th:first-child { max-width: 120px; }
          body { padding-top: 20px; }
        }
        @media print { .transcript { position: static; max-height: none; } .card { break-inside: avoid; } }
        """
}
