import type { Live, Ref } from "../model.ts";

/** What objects hand out to others: as the reviewed plan knew it, then as the run makes and changes them. */
export class Outputs {
  readonly #seen: readonly Live[];
  readonly #made = new Map<string, Live>();

  /** The objects as they lived at planning time; several have one address while a replacement is under way. */
  constructor(seen: readonly Live[]) {
    this.#seen = seen;
  }

  set(live: Live): void {
    this.#made.set(live.address, live);
  }

  /** The object that has come to stand beside this one: what a replacement has made, in this run or in an earlier one. */
  other({ kind, address, target, id }: Live): Live | undefined {
    const made = this.#made.get(address);
    if (made && made.id !== id) return made;
    const beside = this.#seen.filter(
      (one) => one.kind === kind && one.address === address && one.target === target && one.id !== id,
    );
    return beside.toSorted((a, b) => ((a.createdAt ?? "") < (b.createdAt ?? "") ? 1 : -1))[0];
  }

  /** What a Ref leads to. `reviewed` is what the plan says it is; null while that is known after apply. */
  value({ ref, output }: Ref, reviewed: string | null | undefined): string | undefined {
    return this.#made.get(ref)?.outputs[output] ?? reviewed ?? undefined;
  }

  /**
   * The object that a Ref leads to: the one that hands out the known value. While there is none it is the one that lacks it: of several at an
   * address the old one has it and is on its way out.
   */
  owner({ ref, output }: Ref, value: string | undefined): Live | undefined {
    const there = this.#seen.filter(({ address }) => address === ref);
    const made = this.#made.get(ref);
    if (made) return made;
    return there.find(({ outputs }) => outputs[output] === value) ?? (value === undefined ? there[0] : undefined);
  }
}
