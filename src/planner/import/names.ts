import type { Live } from "../../model.ts";

/** A connection's name holds this many characters at most. */
const MOST = 40;

/** What a connection that is made of this object may be called: its `Name` tag in the form of a connection's name, or else its id. */
export function nameOf(
  { id, attributes: { tags } }: Pick<Live, "id" | "attributes">,
  taken: ReadonlySet<string>,
): string {
  const tag = typeof tags === "object" && tags !== null && "Name" in tags ? String(tags.Name) : "";
  const slug = tag
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^[^a-z]+/, "")
    .slice(0, MOST)
    .replace(/-+$/, "");
  return unused(slug.length < 3 ? id : slug, taken);
}

/** The name itself, or with the first number that nobody has: `payments`, `payments-2`. */
function unused(name: string, taken: ReadonlySet<string>): string {
  for (let number = 1; ; number++) {
    const end = number === 1 ? "" : `-${number}`;
    const candidate = `${name.slice(0, MOST - end.length).replace(/-+$/, "")}${end}`;
    if (!taken.has(candidate)) return candidate;
  }
}
