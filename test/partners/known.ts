import type { EndpointService } from "../../src/sandbox/world.ts";
import type { Offer } from "./offer.ts";
import type { Partnership } from "./stage.ts";

/** What everybody knows of a partner's service before we begin. */
export interface Known {
  /** `com.amazonaws.vpce.REGION.vpce-svc-...` */
  readonly name: string;
  /** Its private DNS name, whose owner has proved that it is his. */
  readonly privateName?: string;
}

/** Gives a service of the partner's the name that its profile knows, and lets everybody use it. AWS lets nobody choose the name; it is chosen already. */
export async function becomesKnown(stage: Partnership, { id, name }: Offer, known: Known): Promise<void> {
  const knownId = known.name.slice(known.name.lastIndexOf(".") + 1);
  const text = JSON.stringify(stage.world()).replaceAll(name, known.name).replaceAll(id, knownId);
  const world: ReturnType<Partnership["world"]> = JSON.parse(text);
  const services = Object.values(world.accounts).flatMap((account) =>
    Object.values(account.regions).flatMap((region): EndpointService[] => Object.values(region.endpointServices)),
  );
  for (const service of services.filter((one) => one.id === knownId)) {
    const { privateName } = known;
    if (privateName !== undefined) {
      service.privateDnsName = privateName;
      service.privateDnsVerification = { state: "verified", name: "_proof", value: "vpce:proof" };
    }
    service.principals = {
      everybody: { id: "vpce-svc-perm-0a1b2c3d4e5f60001", principal: "*", type: "All", tags: {} },
    };
  }
  await stage.putWorld(world);
}
