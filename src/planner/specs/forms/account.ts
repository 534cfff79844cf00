import { quote, type Refusal } from "../problem.ts";

/** An AWS account id: twelve digits, kept as text because leading zeros count. */
export function checkAccount(value: string): Refusal | undefined {
  if (/^[0-9]{12}$/.test(value)) return undefined;
  return {
    code: "account.form",
    message: `${quote(value)} is not an AWS account id: it has twelve digits`,
    hint: 'for example "111111111111", in quotes',
  };
}
