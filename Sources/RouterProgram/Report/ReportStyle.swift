/// How the page looks: light or dark as the reader's system, on a telephone and on a desk.
enum ReportStyle {
    static let sheet: HTML = """
        :root {
          --paper: #f7f5f1; --card: #fffefb; --ink: #211d18; --soft: #756d62; --line: #e6e0d6; --shade: #efeae1;
          --caller: #1b8a8f; --agent: #5a55c9; --response: #b3aee6; --wait: #b9b0a2; --tool: #cf8420; --broken: #d03a5c;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --paper: #151417; --card: #1d1c20; --ink: #ece8e1; --soft: #98919b; --line: #2e2c33; --shade: #26242a;
            --caller: #3fb5b3; --agent: #8a86f0; --response: #4b4880; --wait: #5e5a63; --tool: #e0a04a; --broken: #f0637f;
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
        .scroll { overflow-x: auto; }
        .tiles {
          display: grid; grid-template-columns: repeat(auto-fit, minmax(124px, 1fr)); gap: 1px; background: var(--line);
          border: 1px solid var(--line); border-radius: 14px; overflow: hidden; margin-bottom: 18px;
        }
        .tile { background: var(--card); padding: 13px 16px 12px; display: flex; flex-direction: column; min-width: 0; }
        .tile span { color: var(--soft); font-size: 12.5px; }
        .tile b { font-size: 23px; font-weight: 600; letter-spacing: -.02em; font-variant-numeric: tabular-nums; white-space: nowrap; }
        .tile small { line-height: 1.35; overflow-wrap: anywhere; }
        .columns { display: grid; grid-template-columns: minmax(0, 1fr) minmax(300px, 400px); gap: 18px; align-items: start; }
        .charts { display: grid; grid-template-columns: minmax(0, 1fr); gap: 18px; min-width: 0; }
        .track { position: relative; padding: 0 76px 2px 0; }
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
        .stack .text { background: var(--caller); }
        .stack .audio { background: var(--agent); }
        .stack .image { background: var(--tool); }
        .stack .rest { background: var(--wait); }
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
        .contents th:first-child { text-align: left; }
        .contents tr:first-child th { color: var(--soft); font-weight: 400; font-size: 12.5px; }
        .contents tr:last-child > * { border-bottom: 0; }
        .contents { margin-bottom: 0; } .contents a { color: var(--agent); }
        header + .card { margin-bottom: 48px; }
        footer { color: var(--soft); font-size: 12.5px; margin-top: 32px; text-align: center; }
        @media (max-width: 900px) {
          .columns { grid-template-columns: minmax(0, 1fr); }
          .transcript { position: static; max-height: none; }
          .tile b { font-size: 20px; }
          .tiles { grid-template-columns: repeat(3, 1fr); }
          .tile { padding: 10px 12px; }
          .card { padding: 15px 16px; }
          body { padding-top: 20px; }
        }
        @media print { .transcript { position: static; max-height: none; } .card { break-inside: avoid; } }
        """
}
