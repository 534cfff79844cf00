import type { Live } from "../../model.ts";
import { compareText } from "../collections.ts";
import { type Check, checker } from "./check.ts";
import { endpointsOf, textsOf, type Verified } from "./subject.ts";

/** A DNS name, what it should lead to, and who can see that. */
export interface ExpectedName {
  /** As it is asked for; of a wildcard any name that it covers. */
  readonly query: string;
  /** As it is declared. */
  readonly name: string;
  readonly type: "A" | "CNAME" | "TXT";
  /** For A: a name that has the same addresses; absent: any address will do. */
  readonly like?: string;
  /** For CNAME and TXT: the values, of which all have to be there. */
  readonly values?: readonly string[];
  /** Whether it is to be seen only from inside the VPC. */
  readonly inside: boolean;
  /** The endpoint to which it leads. */
  readonly endpoint?: string;
}

/** What a resolver said: values, or why there are none (`ENOTFOUND`, `ETIMEOUT`). */
export type Answer = { readonly values: readonly string[] } | { readonly error: string };

/** Answers by `keyOf`. */
export type Answers = ReadonlyMap<string, Answer>;
export const keyOf = (type: ExpectedName["type"], name: string): string => `${type} ${name}`;

/** Every name that the connection has: those of AWS for its endpoints, those of our records, private DNS names. */
export function expectedNames(verified: Verified): ExpectedName[] {
  const { document, cloud, status } = verified;
  const connection = document.spec.metadata.name;
  const endpoints = endpointsOf(verified).flatMap(({ name, live }): ExpectedName[] => {
    const dnsName = live?.outputs.dnsName;
    if (!live || dnsName === undefined) return [];
    const privateName = status.endpoints.find(({ id }) => id === live.id)?.privateDns?.name;
    const seen = { type: "A", endpoint: name } as const;
    return [
      { ...seen, name: dnsName, query: dnsName, inside: false },
      ...(privateName === undefined ? [] : [{ ...seen, ...named(privateName), like: dnsName, inside: true }]),
    ];
  });
  const records = cloud.live
    .filter((live) => live.connection === connection)
    .flatMap((live) => recordName(live, verified))
    .sort((a, b) => compareText(a.name, b.name));
  return [...endpoints, ...records];
}

/** A wildcard answers for any name below it. */
const named = (name: string): Pick<ExpectedName, "name" | "query"> => ({
  name,
  query: name.replace(/^(\*|\\052)\./, "landline-verify."),
});

function recordName(live: Live, verified: Verified): ExpectedName[] {
  const { name, zoneId, targetDnsName, type, values } = live.attributes;
  if (typeof name !== "string") return [];
  const inside = isPrivate(String(zoneId), verified);
  const endpoint = endpointsOf(verified).find(({ address }) => live.address.startsWith(`${address}/`))?.name;
  const about = { ...named(name), inside, ...(endpoint === undefined ? {} : { endpoint }) };
  if (live.kind === "dns-record" && typeof targetDnsName === "string")
    return [{ ...about, type: "A", like: targetDnsName }];
  if (live.kind === "value-record" && (type === "CNAME" || type === "TXT"))
    return [{ ...about, type, values: textsOf(values) }];
  return [];
}

const isPrivate = (zoneId: string, { cloud }: Verified): boolean => {
  const facts = cloud.snapshot.targets.flatMap(({ zones }) => zones);
  return facts.find(({ id }) => id === zoneId)?.private ?? true;
};

/** What has to be looked up to judge the names. */
export function lookUpsFor(
  names: readonly ExpectedName[],
): { readonly type: ExpectedName["type"]; readonly name: string }[] {
  const all = names.flatMap(({ type, query, like }) => [
    { type, name: query },
    ...(like === undefined ? [] : [{ type, name: like }]),
  ]);
  return [...new Map(all.map((one) => [keyOf(one.type, one.name), one])).values()];
}

/** Judges the answers. `inside`: from within the VPC, where private names have to resolve. */
export const nameChecks = (names: readonly ExpectedName[], answers: Answers, inside: boolean): Check[] =>
  names.map((expected) => nameCheck(expected, answers, inside));

function nameCheck(expected: ExpectedName, answers: Answers, inside: boolean): Check {
  const { holds, fails, unknown } = checker("dns");
  const { name, type, like, values } = expected;
  const answer = answers.get(keyOf(type, expected.query));
  const found = answer && "values" in answer ? answer.values : [];
  if (found.length === 0) {
    const why = answer && "error" in answer ? answer.error : "no answer";
    return expected.inside && !inside
      ? unknown(
          name,
          `does not resolve from here (${why}), which it need not: it is for the VPC. Run with --connect inside of it`,
        )
      : fails(name, `does not resolve (${why})`);
  }
  const shown = found.join(", ");
  if (values) {
    const lacking = values.filter((value) => !found.some((one) => plain(one) === plain(value)));
    return lacking.length === 0
      ? holds(name, `is ${type} ${shown}`)
      : fails(name, `is ${type} ${shown}, not ${lacking.join(", ")}`);
  }
  if (like === undefined) return holds(name, `resolves to ${shown}`);
  const wanted = answers.get(keyOf(type, like));
  if (!wanted || "error" in wanted)
    return unknown(name, `resolves to ${shown}; ${like}, to which it should lead, does not resolve from here`);
  const astray = found.filter((address) => !wanted.values.includes(address));
  return astray.length === 0
    ? holds(name, `leads to the endpoint: ${shown}`)
    : fails(name, `resolves to ${astray.join(", ")}, which is not the endpoint (${like}: ${wanted.values.join(", ")})`);
}

const plain = (value: string): string => value.toLowerCase().replace(/\.$/, "");
