/** `a`, `a and b`, `a, b and c`. */
export function listed(words: readonly string[]): string {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

/** The first three of a longer list, and how many more there are. */
export function some(words: readonly string[]): string {
  const rest = words.length - 3;
  return rest <= 1 ? listed(words) : `${words.slice(0, 3).join(", ")} and ${rest} more`;
}
