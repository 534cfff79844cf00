import { createEmulator } from "emulate";
import type { OnExchange } from "./contract-recorder.ts";
import { octokitFor, type Stage } from "./contract-stage.ts";

/** `emulate`'s GitHub on a free port of 127.0.0.1, with one repository. */
export async function startEmulate(onExchange: OnExchange): Promise<Stage & { close(): Promise<void> }> {
  const people = ["alice", "bob", "mallory"];
  const emulator = await createEmulator({
    service: "github",
    port: 0,
    hostname: "127.0.0.1",
    seed: {
      tokens: Object.fromEntries(people.map((login) => [`token-of-${login}`, { login, scopes: ["repo"] }])),
      github: {
        users: people.map((login) => ({ login })),
        repos: [{ owner: "bob", name: "network", auto_init: true }],
      },
    },
  });
  // It tells `localhost`, where some machines look on ::1 first.
  const url = emulator.url.replace("localhost", "127.0.0.1");
  const as = (login: string) => octokitFor(url, `token-of-${login}`, onExchange);
  const repository = { owner: "bob", repo: "network" };
  const invite = { ...repository, username: "alice", permission: "push" };
  await octokitFor(url, "token-of-bob", () => {}).repos.addCollaborator(invite);
  return {
    repository,
    author: as("alice"),
    reviewer: as("bob"),
    workflow: as("bob"),
    close: () => emulator.close(),
  };
}
