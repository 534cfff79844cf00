import { quote, type Refusal } from "../problem.ts";

/** First and last port, both included. */
export interface PortRange {
  from: number;
  to: number;
}

/** Reads 443, "443" or "10000-31000"; a text that `checkPorts` refuses gives undefined. */
export function parsePorts(value: number | string): PortRange | undefined {
  const match = /^([1-9][0-9]{0,4})(?:-([1-9][0-9]{0,4}))?$/.exec(String(value));
  if (match === null) return undefined;
  const from = Number(match[1]);
  const to = Number(match[2] ?? match[1]);
  return to <= 65_535 && from <= 65_535 ? { from, to } : undefined;
}

/** A port or a range of ports written as text. */
export function checkPorts(value: string): Refusal | undefined {
  const range = parsePorts(value);
  if (range === undefined) {
    return {
      code: "ports.form",
      message: `${quote(value)} is not a port or a range of ports between 1 and 65535`,
      hint: 'for example 443 or "10000-31000"',
    };
  }
  if (range.from <= range.to) return undefined;
  return {
    code: "ports.form",
    message: `the range ${quote(value)} ends before it begins`,
    hint: `write "${range.to}-${range.from}"`,
  };
}
