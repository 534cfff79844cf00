import { quotingIn } from "./shell.ts";
import { type CompiledTemplate, pathsOf, referencesIn, type TemplateForm } from "./template.ts";
import { parseTemplate } from "./template-parser.ts";

/** Takes a template apart. What its names mean is checked elsewhere: see `nameComplaints`. */
export function compile(text: string, form: TemplateForm = "text"): CompiledTemplate {
  const { nodes, complaints } = parseTemplate(text);
  const uses = new Set(referencesIn(nodes).flatMap(pathsOf));
  const shell = form === "shell" ? quotingIn(nodes) : { quoting: new Map(), complaints: [] };
  return { form, nodes, uses, quoting: shell.quoting, complaints: [...complaints, ...shell.complaints] };
}
