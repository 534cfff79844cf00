import type { CheckedConnection } from "../documents.ts";
import { isMap } from "../json.ts";
import { type Path, quote, type Report } from "../problem.ts";
import { suggestion } from "../suggest.ts";

/** The profile must be a known one; its own checks of the parameters come with the profile. */
export function checkPartner(connection: CheckedConnection, profiles: readonly string[], report: Report): void {
  const { partner } = connection.spec;
  if (partner === undefined) return;
  if (!profiles.includes(partner.profile)) {
    report(["partner", "profile"], {
      code: "partner.unknown",
      message: `there is no partner profile ${quote(partner.profile)}${suggestion(partner.profile, profiles)}`,
      hint:
        profiles.length === 0
          ? "no partner profile is installed: leave the partner section out"
          : `known profiles: ${profiles.join(", ")}`,
    });
  }
  refuseUnquotedAccounts(["partner", "params"], partner.params, connection, report);
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
