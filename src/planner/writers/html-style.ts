/** The page's only style sheet. Its hash stands in the page's content security policy, so nothing else can style or run. */
export const STYLE = `
:root { color-scheme: light dark; --bg: #f6f7f9; --card: #fff; --ink: #1d2430; --dim: #647084; --line: #dfe3ea;
  --green: #14743b; --yellow: #8a5a00; --red: #b3261e; --magenta: #8b2a8f; --cyan: #0b6477; --wash: #f0f2f6; }
@media (prefers-color-scheme: dark) { :root { --bg: #12161d; --card: #1a2029; --ink: #e3e8f0; --dim: #93a0b4; --line: #2d3643;
  --green: #62cf8b; --yellow: #e6b450; --red: #ff8a80; --magenta: #dd8fe0; --cyan: #6cc7da; --wash: #222a35; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--bg); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 68rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
h1 { font-size: 1.3rem; margin: 0 0 1rem; }
h2 { font-size: 1.05rem; margin: 2rem 0 .6rem; }
code, pre, .mono { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: .86rem; }
.dim { color: var(--dim); }
.verdict { background: var(--card); border: 1px solid var(--line); border-left: .4rem solid var(--green); border-radius: .5rem; padding: .9rem 1.1rem; }
.verdict strong { font-size: 1.1rem; }
.verdict p { margin: .3rem 0 0; }
.verdict.risky { border-left-color: var(--yellow); }
.verdict.refused { border-left-color: var(--red); }
.tiles { display: flex; flex-wrap: wrap; gap: .6rem; margin: 1rem 0; padding: 0; list-style: none; }
.tiles li { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: .45rem .9rem; min-width: 5.5rem; }
.tiles b { display: block; font-size: 1.3rem; }
.tiles .zero { color: var(--dim); }
details.connection, .block { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; margin: .6rem 0; }
.block { padding: .7rem 1rem; }
summary { cursor: pointer; padding: .7rem 1rem; font-weight: 600; }
summary .dim { font-weight: 400; margin-left: .6rem; }
.change { border-top: 1px solid var(--line); padding: .7rem 1rem; overflow-x: auto; }
.change header { display: flex; flex-wrap: wrap; gap: .3rem .7rem; align-items: baseline; }
.sign { font-weight: 700; }
.create .sign, .added { color: var(--green); }
.update .sign { color: var(--yellow); }
.replace .sign { color: var(--magenta); }
.delete .sign, .removed { color: var(--red); }
.label { border: 1px solid currentColor; border-radius: 1rem; padding: 0 .55rem; font-size: .78rem; }
.label.loss, .label.stop, .error { color: var(--red); }
.label.access { color: var(--magenta); }
.label.move, .warning { color: var(--yellow); }
.info { color: var(--cyan); }
table { border-collapse: collapse; margin-top: .4rem; }
th { text-align: left; font-weight: 400; color: var(--dim); padding: .1rem 1.2rem .1rem 0; vertical-align: top; white-space: nowrap; }
td { padding: .1rem 0; }
td div { white-space: pre-wrap; overflow-wrap: anywhere; }
.note { margin: .4rem 0 0; }
pre { background: var(--wash); border-radius: .4rem; margin: .5rem 0 0; padding: .7rem .9rem; white-space: pre-wrap; overflow-wrap: anywhere; }
`;

/** `sha256-…` of STYLE in base64; a test holds the two together, because the planner has no hash of its own. */
export const STYLE_HASH = "sha256-w3dK8ZlRaqSEV/irZo/XC96+KC10bE5tJ/XQ7Ti+hUs=";
