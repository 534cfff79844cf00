import { readFileSync } from "node:fs";
import {
  type Problem,
  type ProjectDocument,
  parseConnections,
  parseProject,
} from "../../../src/planner/specs/index.ts";

/** The day on which all these tests take place. */
export const TODAY = "2026-11-20";

function schema(name: string) {
  return JSON.parse(readFileSync(new URL(`../../../schema/${name}.v1.schema.json`, import.meta.url), "utf8"));
}

export const schemas = { project: schema("project"), connection: schema("connection") };

/** A project file that must be right. */
export function projectDocument(text: string): ProjectDocument {
  const { project, problems } = parseProject({ path: "landline.yaml", text }, schemas);
  if (project === undefined || problems.length > 0)
    throw new Error(`bad project in a test: ${JSON.stringify(problems)}`);
  return project;
}

export const PROJECT = `apiVersion: landline/v1
kind: Project
metadata: {name: acme-network}
targets:
  prod-use1: {account: "111111111111", region: us-east-1}
  prod-euw1: {account: "111111111111", region: eu-west-1}
  partner-use1: {account: "222222222222", region: us-east-1}
`;

/** Parses texts as spec files named 1.yaml, 2.yaml, ... of the project above. */
export function parse(...texts: string[]) {
  const files = texts.map((text, index) => ({ path: `${index + 1}.yaml`, text }));
  return parseConnections(files, projectDocument(PROJECT), { schemas, today: TODAY, profiles: new Map() });
}

/** `CODE FILE:LINE:COLUMN` of each problem. */
export function brief(problems: readonly Problem[]): string[] {
  return problems.map(({ code, at }) => `${code} ${at.file}:${at.line}:${at.column}`);
}
