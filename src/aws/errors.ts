/** An error of the AWS SDK in one shape; `code` is AWS's own word without the `Exception` that the SDK adds to some. */
export interface AwsFailure {
  readonly code: string;
  readonly message: string;
  readonly status?: number;
  readonly requestId?: string;
}

interface SdkError {
  readonly name?: string;
  readonly Code?: string;
  readonly message?: string;
  readonly messages?: readonly string[];
  readonly Messages?: { readonly Message?: string | readonly string[] };
  readonly $metadata?: { readonly httpStatusCode?: number; readonly requestId?: string };
}

/**
 * Reads any thrown value. The code sits in `Code` for ELBv2's modelled errors and in `name` for the rest; Route 53's historic
 * `InvalidChangeBatch` body reaches us as `Unknown` with the text under `Messages.Message`.
 */
export function failureOf(error: unknown): AwsFailure {
  const { name, Code, message, messages, Messages, $metadata } = (error ?? {}) as SdkError;
  const texts = [Messages?.Message ?? messages ?? []].flat();
  const historic = name === "Unknown" && texts.length > 0;
  const code = historic ? "InvalidChangeBatch" : (Code ?? name ?? "Unknown").replace(/Exception$/, "");
  return {
    code,
    message: historic ? texts.join(", ") : message || texts.join(", ") || String(error),
    ...($metadata?.httpStatusCode === undefined ? {} : { status: $metadata.httpStatusCode }),
    ...($metadata?.requestId === undefined ? {} : { requestId: $metadata.requestId }),
  };
}

/** Whether AWS refused with one of these codes. */
export const isCode = (error: unknown, ...codes: readonly string[]): boolean => codes.includes(failureOf(error).code);

/** Whether AWS refused for want of permission: EC2 has a word of its own for it. */
export const isDenied = ({ code }: AwsFailure): boolean => code === "UnauthorizedOperation" || code === "AccessDenied";

/** Turns "AWS says it is not there" into `undefined` and lets every other error through. */
export async function absentOn<T>(codes: readonly string[], call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call();
  } catch (error) {
    if (isCode(error, ...codes)) return undefined;
    throw error;
  }
}

/** What AWS reports inside an answer of status 200: the ids it did not touch. */
interface UnsuccessfulItem {
  readonly ResourceId?: string | undefined;
  readonly Error?: { readonly Code?: string | undefined; readonly Message?: string | undefined } | undefined;
}

/** Thrown for the first item of an `Unsuccessful` list, so that a refusal in a 200 answer is an error like any other. */
export class UnsuccessfulError extends Error {
  readonly Code: string;
  constructor(code: string, message: string) {
    super(message);
    this.name = code;
    this.Code = code;
  }
}

/** Deletes, accepts and rejects answer 200 even when nothing happened: look into `Unsuccessful`. Items with a code in `fine` count as done. */
export function throwUnsuccessful(items: readonly UnsuccessfulItem[] | undefined, fine: readonly string[] = []): void {
  for (const { ResourceId, Error: error } of items ?? []) {
    if (fine.includes(error?.Code ?? "")) continue;
    throw new UnsuccessfulError(
      error?.Code ?? "Unsuccessful",
      error?.Message ?? `AWS did not carry out the call for ${ResourceId ?? "an object"}`,
    );
  }
}
