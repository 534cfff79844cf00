import { createHmac } from "node:crypto";
import type { Answer } from "./call.ts";
import type { World } from "./world.ts";

/** How long a signed address works. */
const lifetimeMs = 60_000;

const place = "/_artifacts/";

/** An address from which an artifact can be fetched without a token, for a minute. */
export function signedUrl(world: World, artifactId: number): string {
  const until = world.clock.now() + lifetimeMs;
  return `${world.web}${place}${artifactId}?until=${until}&signature=${signature(world, artifactId, until)}`;
}

/** Answers such an address; undefined for any other. */
export function download(world: World, url: URL): Answer | undefined {
  if (!url.pathname.startsWith(place)) return undefined;
  const id = Number(url.pathname.slice(place.length));
  const until = Number(url.searchParams.get("until"));
  const artifact = world.artifacts.find((known) => known.id === id);
  const genuine = url.searchParams.get("signature") === signature(world, id, until);
  if (!artifact || !genuine || until < world.clock.now())
    return { status: 403, body: { message: "Server failed to authenticate the request." } };
  return { status: 200, bytes: artifact.zip, headers: { "content-type": "application/zip" } };
}

function signature(world: World, id: number, until: number): string {
  return createHmac("sha256", world.secret).update(`${id} ${until}`).digest("hex");
}
