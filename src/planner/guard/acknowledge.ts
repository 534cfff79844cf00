import type { Finding } from "../../model.ts";
import { groupBy } from "../collections.ts";
import type { Policy } from "./policy.ts";

/** `acknowledge` lifts a waivable finding of its own connection, with a reason that the plan prints; it lifts nothing else, and says so. */
export const acknowledge: Policy = (plan, { connections }) => {
  const findings = [...plan.findings];
  const places = groupBy([...findings.keys()], (place) => keyOf(findings[place]?.connection, findings[place]?.id));
  for (const document of connections) {
    const connection = document.spec.metadata.name;
    document.spec.acknowledge?.forEach(({ finding: id, reason }, index) => {
      const at = document.at(["acknowledge", index, "finding"]);
      const meant = places.get(keyOf(connection, id)) ?? [];
      const say = (message: string): Finding => ({ id: "acknowledge.idle", severity: "info", connection, message, at });
      if (meant.length === 0)
        findings.push(
          say(`nothing to acknowledge: the plan has no finding "${id}"; remove the entry when it is no longer needed`),
        );
      for (const place of meant) {
        const finding = findings[place];
        if (finding?.waivable) findings[place] = { ...finding, waived: reason };
        else findings.push({ ...say(`"${id}" cannot be waived`), id: "acknowledge.refused", severity: "warning" });
      }
    });
  }
  return { ...plan, findings };
};

const keyOf = (connection = "", id = ""): string => `${connection} ${id}`;
