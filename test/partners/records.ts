import type { Partnership } from "./stage.ts";

/** The names in an account's private zone of that domain, and where each leads: `CNAME *.a.example vpce-...`, sorted; without those of AWS and our marks. */
export function recordsIn(stage: Partnership, account: string, domain: string): string[] {
  const zones = Object.values(stage.world().accounts[account]?.hostedZones ?? {});
  const zone = zones.find(({ name, private: isPrivate }) => isPrivate && name === `${domain}.`);
  const said = (zone?.records ?? [])
    .filter(({ type }) => !["NS", "SOA", "TXT"].includes(type))
    .map(({ type, name, values = [], alias }) => {
      const to = alias ? [`alias ${alias.dnsName}`] : values;
      return `${type} ${name.replace("\\052", "*").replace(/\.$/, "")} ${to.join(" ").replace(/\.$/, "")}`;
    });
  return said.sort();
}
