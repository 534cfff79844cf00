import { quote, type Refusal } from "../problem.ts";

const OURS = /^(?:cn\.)?com\.amazonaws\.vpce\.([a-z0-9-]+)\.vpce-svc-[0-9a-f]{17}$/;
/** A name that begins as one: tables of partners' tools cut it off at the end of a column. */
const CUT = /\.vpce-svc-[0-9a-f]*(…|\.*)$/;
const OF_AWS = /^((cn\.)?com\.amazonaws|aws\.(api|sagemaker))(\.[a-z0-9_-]+)+$/;

/** The name of an endpoint service, or the word `pending`. */
export function checkServiceName(value: string): Refusal | undefined {
  if (value === "pending" || OURS.test(value)) return undefined;
  if (OF_AWS.test(value) && !value.includes(".vpce.")) return undefined;
  const message = `${quote(value)} is not the name of an endpoint service`;
  if (/^vpce-svc-/.test(value)) {
    return {
      code: "service-name.form",
      message,
      hint: `this is its id; its name is com.amazonaws.vpce.REGION.${value}`,
    };
  }
  if (CUT.test(value)) {
    return {
      code: "service-name.form",
      message,
      hint: "17 digits follow vpce-svc-; a table may have cut it off, so take the name from where it stands as a whole",
    };
  }
  if (/^[a-z][a-z0-9-]*$/.test(value)) {
    return {
      code: "service-name.form",
      message,
      hint: `write {connection: ${value}} for another connection of this project, or pending while the name is not known yet`,
    };
  }
  return {
    code: "service-name.form",
    message,
    hint: "for example com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0",
  };
}

/** The Region in the name of a customer's endpoint service; undefined for AWS's own services and for `pending`. */
export function regionOfService(name: string): string | undefined {
  return OURS.exec(name)?.[1];
}
