import { EC2Client } from "@aws-sdk/client-ec2";
import { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { Route53Client } from "@aws-sdk/client-route-53";
import { STSClient } from "@aws-sdk/client-sts";
import { fromTemporaryCredentials } from "@aws-sdk/credential-providers";

/** The doors to one target: one client for each AWS service, shared by everything that runs there, so that retry budgets are shared too. */
export interface Aws {
  readonly target: string;
  readonly ec2: EC2Client;
  readonly elbv2: ElasticLoadBalancingV2Client;
  readonly route53: Route53Client;
  readonly sts: STSClient;
  /** Ends the clients' sockets. */
  close(): void;
}

/** Where and as whom to call. Without a role the ambient credentials are used. */
export interface Access {
  readonly target: string;
  readonly region: string;
  readonly role?: { readonly arn: string; readonly externalId?: string; readonly sessionName?: string };
  /** Fixed credentials and address: the embedded AWS of `--sandbox`. */
  readonly endpoint?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** Retries by the SDK; eight tries ride out EC2's throttling, whose bucket refills within seconds. */
const MAX_ATTEMPTS = 8;

/** Clients that may do anything their credentials allow. For the applier only. */
export function openAws(access: Access): Aws {
  const config = {
    region: access.region,
    maxAttempts: MAX_ATTEMPTS,
    ...(access.endpoint === undefined ? {} : { endpoint: access.endpoint }),
    ...credentialsOf(access),
  };
  const clients = {
    ec2: new EC2Client(config),
    elbv2: new ElasticLoadBalancingV2Client(config),
    route53: new Route53Client(config),
    sts: new STSClient(config),
  };
  return {
    target: access.target,
    ...clients,
    close() {
      for (const client of Object.values(clients)) client.destroy();
    },
  };
}

/**
 * Clients that throw on every command that is not Describe, List or Get, before anything leaves the machine. Planning gets only these
 * (and of these only `Reads`, which has no way to send a command of the caller's choice).
 */
export function openReadOnlyAws(access: Access): Aws {
  const aws = openAws(access);
  for (const client of [aws.ec2, aws.elbv2, aws.route53, aws.sts]) guardAgainstWrites(client);
  return aws;
}

/** Thrown by a read-only client: a bug in Landline, never something a user does. */
export class WriteDuringPlanError extends Error {
  constructor(command: string) {
    super(`${command} is not Describe, List or Get: planning cannot write. Nothing was sent.`);
    this.name = "WriteDuringPlanError";
  }
}

/** The part of a client that the guard needs; each client types its own commands, the guard reads only their names. */
interface Guarded {
  readonly middlewareStack: { add(middleware: never, options: never): void };
}

function guardAgainstWrites(client: Guarded): void {
  const guard =
    (next: (args: unknown) => Promise<unknown>, context: { readonly commandName?: string }) =>
    async (args: unknown) => {
      const command = context.commandName ?? "An unnamed command";
      if (!/^(Describe|List|Get)/.test(command)) throw new WriteDuringPlanError(command);
      return next(args);
    };
  client.middlewareStack.add(
    guard as never,
    { step: "initialize", name: "landlineReadGuard", priority: "high" } as never,
  );
}

function credentialsOf({ role, credentials, endpoint, region }: Access) {
  if (!role) return credentials ? { credentials } : {};
  const assumed = fromTemporaryCredentials({
    params: {
      RoleArn: role.arn,
      RoleSessionName: role.sessionName ?? "landline",
      ...(role.externalId === undefined ? {} : { ExternalId: role.externalId }),
    },
    ...(credentials ? { masterCredentials: credentials } : {}),
    clientConfig: { region, ...(endpoint === undefined ? {} : { endpoint }) },
  });
  return { credentials: sharedByClients(assumed) };
}

type Provider = ReturnType<typeof fromTemporaryCredentials>;

/** The SDK asks for new credentials when the old ones have this long to live. */
const RENEW_MS = 5 * 60 * 1000;

/** One session for all clients of a target; by itself each client would assume the role again. A failed attempt is not kept. */
function sharedByClients(provide: Provider): Provider {
  let session: ReturnType<Provider> | undefined;
  return async (options) => {
    const renew = (): ReturnType<Provider> => {
      const next = provide(options);
      session = next;
      next.catch(() => {
        if (session === next) session = undefined;
      });
      return next;
    };
    const kept = session ?? renew();
    const { expiration } = await kept;
    if (!expiration || expiration.getTime() - Date.now() > RENEW_MS) return kept;
    return session === undefined || session === kept ? renew() : session;
  };
}
