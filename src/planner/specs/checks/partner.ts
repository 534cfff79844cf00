import { modeOf } from "../../partners/mode.ts";
import { readParams } from "../../partners/params.ts";
import { type Profile, rolesOf } from "../../partners/profile.ts";
import type { CheckedConnection, World } from "../documents.ts";
import { isMap } from "../json.ts";
import { type Path, pathText, quote, type Report } from "../problem.ts";
import { suggestion } from "../suggest.ts";

/** The profile is a known one that offers what the spec does with it, and the parameters are those that it asks for. */
export function checkPartner(connection: CheckedConnection, world: World, report: Report): void {
  const { partner } = connection.spec;
  if (partner === undefined) return;
  const unquoted = new Set<string>();
  refuseUnquotedAccounts(["partner", "params"], partner.params, connection, (path, refusal) => {
    unquoted.add(pathText(path));
    report(path, refusal);
  });
  const profile = world.profiles.get(partner.profile);
  if (profile === undefined) {
    if (world.profilesComplete) refuseUnknown(partner.profile, [...world.profiles.keys()], report);
  } else if (profile.spec.unsupported) {
    refuseUnsupported(profile, profile.spec.unsupported, report);
  } else {
    checkRoles(connection, profile, report);
    const { refusals } = readParams(profile, partner, modeOf(connection.spec, profile));
    for (const { path, refusal } of refusals) {
      // What seems to be missing may have been left out of a partial document.
      const mayBeThere = connection.partial && refusal.code === "partner.param-missing";
      if (!unquoted.has(pathText(path)) && !mayBeThere) report(path, refusal);
    }
  }
}

function refuseUnknown(name: string, known: readonly string[], report: Report): void {
  report(["partner", "profile"], {
    code: "partner.unknown",
    message: `there is no partner profile ${quote(name)}${suggestion(name, known)}`,
    hint:
      known.length === 0
        ? "no partner profile is installed: leave the partner section out"
        : `known profiles: ${[...known].sort().join(", ")}`,
  });
}

function refuseUnsupported(
  { name, spec }: Profile,
  { reason, source }: NonNullable<Profile["spec"]["unsupported"]>,
  report: Report,
): void {
  const url = spec.metadata.sources.find(({ id }) => id === source)?.url ?? source;
  report(["partner", "profile"], {
    code: "partner.unsupported",
    message: `${spec.metadata.title} cannot be connected with Landline: ${reason.replace(/\.$/, "")}`,
    hint: `the profile ${name} says so, after ${url} (read on ${spec.metadata.checkedOn})`,
  });
}

/** A half that the partner does not offer would get none of its checks. */
function checkRoles({ spec, partial }: CheckedConnection, profile: Profile, report: Report): void {
  const mode = modeOf(spec, profile);
  const title = profile.spec.metadata.title;
  const empty = spec.service === undefined && spec.endpoints === undefined;
  if (mode === undefined && !empty && !partial) {
    report(["partner", "profile"], {
      code: "partner.role",
      message: `no part of this connection has to do with ${title}: it has no service, and no endpoint leads to the partner's`,
      hint: "an endpoint leads to the partner when its service is a name or pending; otherwise leave the partner section out",
    });
  }
  for (const role of mode === undefined ? [] : rolesOf(mode)) {
    if (profile.spec[role] !== undefined) continue;
    report([role === "provider" ? "service" : "endpoints"], {
      code: "partner.role",
      message:
        role === "provider"
          ? `the profile ${profile.name} does not say how ${title} connects to a service of ours`
          : `the profile ${profile.name} does not say how we connect to a service of ${title}`,
      hint: "give this half a spec of its own, without the partner section",
    });
  }
}

/** Twelve digits without quotes are an account id that has lost its leading zeros, whatever the parameter is called. */
function refuseUnquotedAccounts(path: Path, value: unknown, connection: CheckedConnection, report: Report): void {
  if (typeof value === "number") {
    const written = connection.source(path) ?? "";
    if (!/^[0-9]{12}$/.test(written)) return;
    report(path, {
      code: "account.unquoted",
      message: `the account id ${written} is not in quotes, so YAML reads it as a number and drops leading zeros`,
      hint: `write "${written}"`,
    });
  } else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) refuseUnquotedAccounts([...path, index], item, connection, report);
  } else if (isMap(value)) {
    for (const [key, item] of Object.entries(value)) refuseUnquotedAccounts([...path, key], item, connection, report);
  }
}
