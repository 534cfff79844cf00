import { createServer, type Server } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { expect, it, onTestFinished } from "vitest";
import { tryConnection } from "../../../src/commands/verify/network.ts";
import { certificateFor } from "./certificate.ts";

/** Real servers on 127.0.0.1; the name comes from the resolver, which is somebody else's. */

async function listening(server: Server): Promise<number> {
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  onTestFinished(() => void server.close());
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

const tried = (host: string, port: number, timeout = 300) =>
  tryConnection({ host, port, declared: true }, "127.0.0.1", timeout);
const tls = (names: readonly string[], days?: number) =>
  listening(createTlsServer(certificateFor(names, days), (socket) => socket.on("error", () => {})));

it("sees the names of a certificate, and that it is for the host", async () => {
  const port = await tls(["api.example.com", "*.example.org"]);
  expect(await tried("api.example.com", port)).toEqual({
    address: "127.0.0.1",
    tls: { names: ["api.example.com", "*.example.org"] },
  });
  expect(await tried("one.example.org", port)).toMatchObject({ tls: { names: ["api.example.com", "*.example.org"] } });
});

it("sees that it is for another name", async () => {
  const port = await tls(["api.example.com"]);
  expect(await tried("db.example.com", port)).toMatchObject({
    tls: { names: ["api.example.com"], problem: "none of it is db.example.com" },
  });
});

it("sees that it has ended", async () => {
  const port = await tls(["api.example.com"], -1);
  expect(await tried("api.example.com", port)).toMatchObject({
    tls: { problem: expect.stringMatching(/^it ended on /) },
  });
});

it("sees that a port speaks TLS and refuses the handshake", async () => {
  const rsaOnly = { ciphers: "ECDHE-RSA-AES128-GCM-SHA256", maxVersion: "TLSv1.2" } as const;
  const port = await listening(createTlsServer({ ...certificateFor(["api.example.com"]), ...rsaOnly }));
  expect(await tried("api.example.com", port)).toEqual({
    address: "127.0.0.1",
    tls: { names: [], refused: expect.stringContaining("ALERT") },
  });
});

it("does not take a port for TLS that waits for the client to speak", async () => {
  const port = await listening(createServer((socket) => socket.on("error", () => {})));
  expect(await tried("api.example.com", port, 150)).toEqual({ address: "127.0.0.1" });
});

it("does not take a port for TLS that answers in another language", async () => {
  const port = await listening(createServer((socket) => socket.on("error", () => {}).end("220 hello\r\n")));
  expect(await tried("api.example.com", port)).toEqual({ address: "127.0.0.1" });
});

it("sees that nothing listens", async () => {
  const server = createServer();
  const port = await listening(server);
  await new Promise((done) => server.close(done));
  expect(await tried("api.example.com", port)).toEqual({ error: "ECONNREFUSED" });
});
