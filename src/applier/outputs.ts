import type { Live, Ref } from "../model.ts";

/** What objects hand out to others: as they lived at planning time, then as the run makes and changes them. */
export class Outputs {
  readonly #live = new Map<string, Live>();

  constructor(live: readonly Live[]) {
    for (const object of live) this.#live.set(object.address, object);
  }

  set(live: Live): void {
    this.#live.set(live.address, live);
  }

  /** The object that a Ref leads to. */
  owner(ref: Ref): Live | undefined {
    return this.#live.get(ref.ref);
  }

  value(ref: Ref): string | undefined {
    return this.#live.get(ref.ref)?.outputs[ref.output];
  }
}
