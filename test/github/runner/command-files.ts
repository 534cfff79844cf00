import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The files that a step writes to tell the runner something. Each step gets new ones. */
export interface CommandFiles {
  readonly env: Readonly<Record<string, string>>;
  outputs(): Record<string, string>;
  environment(): Record<string, string>;
  summary(): string;
}

export function commandFiles(folder: string): CommandFiles {
  mkdirSync(folder, { recursive: true });
  const path = (name: string): string => join(folder, name);
  for (const name of ["output", "env", "summary", "path", "state"]) writeFileSync(path(name), "");
  return {
    env: {
      GITHUB_OUTPUT: path("output"),
      GITHUB_ENV: path("env"),
      GITHUB_STEP_SUMMARY: path("summary"),
      GITHUB_PATH: path("path"),
      GITHUB_STATE: path("state"),
    },
    outputs: () => pairs(readFileSync(path("output"), "utf8")),
    environment: () => pairs(readFileSync(path("env"), "utf8")),
    summary: () => (existsSync(path("summary")) ? readFileSync(path("summary"), "utf8") : ""),
  };
}

/** `name=value` lines, and `name<<END` ... `END` for values of several lines. Anything else is refused, as the real runner does. */
export function pairs(text: string): Record<string, string> {
  const found: Record<string, string> = {};
  const lines = text.split("\n");
  for (let at = 0; at < lines.length; at++) {
    const line = (lines[at] ?? "").replace(/\r$/, "");
    if (line === "") continue;
    const [, name, sign, rest = ""] = /^([^=<]+?)(=|<<)(.*)$/.exec(line) ?? [];
    if (name === undefined) throw new Error(`Invalid format '${line}'`);
    if (sign === "=") {
      found[name] = rest;
      continue;
    }
    const end = lines.indexOf(rest, at + 1);
    if (end < 0) throw new Error(`Matching delimiter not found '${rest}'`);
    found[name] = lines.slice(at + 1, end).join("\n");
    at = end;
  }
  return found;
}
