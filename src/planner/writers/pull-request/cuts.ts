import type { Cut } from "../budget.ts";
import type { CommentPart } from "./sections.ts";

/**
 * What goes first when the comment is too long. Deletions, replacements, changes of access, refused changes and errors never go: they are
 * shortened, then gathered into one line for each connection.
 */
export const CUTS: readonly Cut<CommentPart>[] = [
  { name: "connection without changes", to: "short" },
  { name: "connection without changes", to: "gone" },
  { name: "picture", to: "gone" },
  { name: "tag change", to: "short" },
  { name: "tag change", to: "gone" },
  { name: "remark", to: "gone" },
  { name: "creation", to: "short" },
  { name: "creation", to: "gone" },
  { name: "update", to: "short" },
  { name: "update", to: "gone" },
  { name: "hand-off", to: "short" },
  { name: "risky change", to: "short" },
  { name: "connection without risks", to: "gone" },
  { name: "warning", to: "short" },
  { name: "wait", to: "short" },
  // Its line under "Look at these" stays.
  { name: "risky change", to: "gone" },
  { name: "change to look at", to: "short" },
  { name: "wait", to: "gone" },
  { name: "hand-off", to: "gone" },
  { name: "warning", to: "gone" },
  { name: "connection", to: "gone" },
  { name: "error", to: "short" },
];
