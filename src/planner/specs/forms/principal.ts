import { quote, type Refusal } from "../problem.ts";

const IAM_ARN = /^arn:(aws[a-z-]*):(iam|sts)::([0-9]*):([A-Za-z-]+)(?:\/(.*))?$/;
const NAME = /^[A-Za-z0-9+=,.@_-]{1,64}$/;
const SERVICE = /^[a-z0-9-]+(\.[a-z0-9-]+)*\.amazonaws\.com(\.cn)?$/;

/**
 * Whether AWS takes the text as an allowed principal of an endpoint service: an account root, a role or a user without a path, a service
 * principal, or `*`. AWS answers `InvalidPrincipal` to the rest only when the plan is applied; here it is said beforehand, with the right form.
 */
export function checkPrincipal(value: string): Refusal | undefined {
  if (value === "*" || SERVICE.test(value)) return undefined;
  if (/^[0-9]{12}$/.test(value)) {
    return refuse(`${quote(value)} is a bare account id`, `write "arn:aws:iam::${value}:root" for the whole account`);
  }
  if (/^arn:aws[a-z-]*:organizations:/.test(value) || /^(o-[a-z0-9]{10,32}|ou-[a-z0-9-]+)$/.test(value)) {
    return {
      code: "principal.unverified",
      message: `${quote(value)} is an organization or organizational unit, which is not verified to work with endpoint services`,
      hint: 'allow the accounts one by one, each as "arn:aws:iam::ACCOUNT:root"',
    };
  }
  const match = IAM_ARN.exec(value);
  if (match === null) {
    return refuse(
      `${quote(value)} is not a principal`,
      'write an account root "arn:aws:iam::222222222222:root", a role "arn:aws:iam::222222222222:role/NAME", a user "arn:aws:iam::222222222222:user/NAME", a service "NAME.amazonaws.com", or "*"',
    );
  }
  const [, partition = "", api = "", account = "", type = "", name] = match;
  if (!/^[0-9]{12}$/.test(account)) return refuse(`the account id in ${quote(value)} does not have twelve digits`);
  return api === "sts"
    ? sessionRefusal(value, partition, account, type, name)
    : identityRefusal(value, partition, account, type, name);
}

function sessionRefusal(value: string, partition: string, account: string, type: string, name = ""): Refusal {
  const role = name.split("/")[0] ?? "";
  return type === "assumed-role" && NAME.test(role)
    ? refuse(
        `${quote(value)} is a session of a role`,
        `write the role itself: "arn:${partition}:iam::${account}:role/${role}"`,
      )
    : refuse(
        `${quote(value)} is a temporary session`,
        `allow the account instead: "arn:${partition}:iam::${account}:root"`,
      );
}

function identityRefusal(
  value: string,
  partition: string,
  account: string,
  type: string,
  name: string | undefined,
): Refusal | undefined {
  const root = `"arn:${partition}:iam::${account}:root"`;
  if (type === "root" && name === undefined) return undefined;
  if ((type !== "role" && type !== "user") || name === undefined) {
    return refuse(
      `${quote(value)} is neither an account root, a role nor a user`,
      `write ${root} for the whole account`,
    );
  }
  if (NAME.test(name)) return undefined;
  const last = name.split("/").at(-1) ?? "";
  return name.includes("/") && NAME.test(last)
    ? refuse(
        `${quote(value)} has a path, which AWS does not take in an allowed principal`,
        `write "arn:${partition}:iam::${account}:${type}/${last}" for a ${type} without a path, or ${root} for the whole account`,
      )
    : refuse(
        `${quote(name)} in ${quote(value)} is not the name of a ${type}`,
        `write the exact name, or ${root} for the whole account`,
      );
}

function refuse(message: string, hint?: string): Refusal {
  return { code: "principal.form", message, ...(hint === undefined ? {} : { hint }) };
}

/** The account a principal belongs to, or undefined for `*` and services. */
export function accountOfPrincipal(principal: string): string | undefined {
  return IAM_ARN.exec(principal)?.[3];
}
