import { absentOn } from "../errors.ts";

/** How the reads of one target share what they have in common. */
export interface Door {
  /** Asks each question once. */
  once<T>(key: string, read: () => Promise<T>): Promise<T>;
  /** Holds back what would be one call too many at once. */
  limit<T>(read: () => Promise<T>): Promise<T>;
}

/** Remembers the answer to each question; a failure is an answer too. */
export function memo() {
  const known = new Map<string, Promise<unknown>>();
  return <T>(key: string, read: () => Promise<T>): Promise<T> => {
    const answer = known.get(key) ?? read();
    known.set(key, answer);
    return answer as Promise<T>;
  };
}

/** All items of all pages. */
export async function all<P, T>(pages: AsyncIterable<P>, items: (page: P) => readonly T[] | undefined): Promise<T[]> {
  const found: T[] = [];
  for await (const page of pages) found.push(...(items(page) ?? []));
  return found;
}

/** One question about many values in as many calls as needed, side by side; each value is asked about once. */
export async function inChunks<T>(
  values: readonly string[],
  size: number,
  read: (chunk: string[]) => Promise<T[]>,
): Promise<T[]> {
  const unique = [...new Set(values)];
  const chunks = Array.from({ length: Math.ceil(unique.length / size) }, (_, index) =>
    unique.slice(index * size, (index + 1) * size),
  );
  return (await Promise.all(chunks.map(read))).flat();
}

/** ELBv2 fails a whole call for one unknown name, so names that may be missing are asked one by one. */
export async function oneByOne<T>(
  names: readonly string[],
  absent: readonly string[],
  read: (name: string[]) => Promise<T[]>,
): Promise<T[]> {
  return inChunks(names, 1, async (name) => (await absentOn(absent, () => read(name))) ?? []);
}
