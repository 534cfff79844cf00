import type { Estate, Json, KindName, Live } from "../../model.ts";
import type { AdoptionSpec } from "../specs/connection.generated.ts";
import type { Path, ProjectDocument } from "../specs/index.ts";
import type { JsonMap } from "../specs/json.ts";
import type { Remark } from "./text.ts";

/** What drafting one connection may look at. */
export interface Context {
  readonly project: ProjectDocument;
  /** The connection schema: its order and its defaults. */
  readonly schema: JsonMap;
  /** YYYY-MM-DD, for the reasons that a person has to write anew. */
  readonly day: string;
  /** Refer to load balancers and security groups instead of managing them. */
  readonly refer: boolean;
  /** What the plan has shown that no spec can say, by id. */
  readonly cannot: ReadonlyMap<string, string>;
  readonly estates: readonly Estate[];
  /** The connection that provides a service of this name: imported with this run, or of the project already. */
  readonly provider: (serviceName: string) => Provider | undefined;
  /** Endpoints that a spec declares or is going to: nobody has to name them. */
  readonly isDeclared: (endpointId: string) => boolean;
}

export interface Provider {
  readonly connection: string;
  readonly account: string;
  readonly principals: readonly string[];
  readonly privateDns: boolean;
}

/** A connection spec in the making. */
export interface Draft {
  readonly name: string;
  /** What it was made from. */
  readonly id: string;
  readonly target: string;
  readonly spec: JsonMap;
  readonly remarks: readonly Remark[];
}

/** Collects what a part of a spec has to say besides its fields. */
export class Notes {
  readonly adopt: AdoptionSpec[] = [];
  readonly remarks: Remark[] = [];
  readonly #connection: string;

  constructor(connection: string) {
    this.#connection = connection;
  }

  /** The object becomes the resource at this address. */
  adopts(address: string, id: string): void {
    this.adopt.push({ address: address.slice(this.#connection.length + 1), id });
  }

  above(path: Path, text: string): void {
    this.remarks.push({ path, place: "above", text });
  }

  behind(path: Path, text: string): void {
    this.remarks.push({ path, place: "behind", text });
  }
}

/** The SNS topics that are told about a service or an endpoint; the list of a spec is exclusive. */
export function draftNotifications({ snapshot }: Estate, ownerId: string): JsonMap {
  const notifications = snapshot.resources
    .filter(({ kind, attributes }) => kind === "notification" && attributes.serviceOrEndpointId === ownerId)
    .map(({ attributes }) => ({ topic: attributes.topicArn, events: list(attributes.events) }));
  return notifications.length > 0 ? { notifications } : {};
}

export const find = <K extends KindName>({ snapshot }: Estate, kind: K, id: string): Live | undefined =>
  snapshot.resources.find((live) => live.kind === kind && live.id === id);

export const list = (value: Json | undefined): string[] => (Array.isArray(value) ? value.map(String) : []);
