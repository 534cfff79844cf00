import { createServer, type IncomingMessage, request } from "node:http";
import type { AddressInfo } from "node:net";

/** A door before the embedded AWS that remembers every secret which it hands out, so that a test can look for them elsewhere. */
export interface Listener {
  readonly url: string;
  /** Secret access keys and session tokens of assumed roles. */
  readonly secrets: ReadonlySet<string>;
  close(): Promise<void>;
}

export async function listenTo(aws: { readonly port: number }): Promise<Listener> {
  const secrets = new Set<string>();
  const server = createServer((asked, answer) => {
    const { method, url: path, headers } = asked;
    const onward = request(
      { host: "127.0.0.1", port: aws.port, method, path, headers },
      async (answered: IncomingMessage) => {
        const chunks: Buffer[] = [];
        for await (const chunk of answered) chunks.push(Buffer.from(chunk));
        const body = Buffer.concat(chunks);
        for (const [, secret] of body.toString("utf8").matchAll(/<(?:SecretAccessKey|SessionToken)>([^<]+)</g))
          if (secret !== undefined) secrets.add(secret);
        answer.writeHead(answered.statusCode ?? 502, answered.headers);
        answer.end(body);
      },
    );
    onward.on("error", () => answer.destroy());
    asked.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    secrets,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
