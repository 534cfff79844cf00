/** Tags as a plain object, without AWS's own `aws:` tags, which nobody can write. */
export function plainTags(
  tags: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[] | undefined,
): Record<string, string> {
  const own = (tags ?? []).filter(({ Key }) => Key && !Key.startsWith("aws:"));
  return Object.fromEntries(own.map(({ Key = "", Value = "" }) => [Key, Value]));
}

/** Route 53 writes names in lower case with a trailing dot and octal escapes (`\052` for `*`); we write them as people do. */
export function plainName(name: string | undefined): string {
  const unescaped = (name ?? "").replace(/\\(\d{3})/g, (_, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
  return unescaped.replace(/\.$/, "").toLowerCase();
}

/** The id without the `/hostedzone/` that Route 53 puts before it in answers. */
export const plainZoneId = (id: string | undefined): string => (id ?? "").replace(/^\/hostedzone\//, "");
