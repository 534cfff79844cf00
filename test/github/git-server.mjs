// @ts-check
import { spawn } from "node:child_process";
import { appendFileSync } from "node:fs";
import { createServer } from "node:http";

/**
 * A git server over HTTP, as a process of its own because our git calls wait for it: `node git-server.mjs FOLDER LOG [WANTED]`. Prints its port.
 * Every request's authorization headers go to LOG as a line of JSON; with WANTED whoever does not send exactly that is refused.
 */
const [folder = "", log = "", wanted] = process.argv.slice(2);

/** @param {import("node:http").IncomingMessage} request */
function variables({ method = "", headers, url = "" }) {
  const { pathname, search } = new URL(url, "http://127.0.0.1");
  return {
    PATH: process.env.PATH ?? "",
    GIT_PROJECT_ROOT: folder,
    GIT_HTTP_EXPORT_ALL: "1",
    GIT_PROTOCOL: String(headers["git-protocol"] ?? ""),
    REQUEST_METHOD: method,
    PATH_INFO: pathname,
    QUERY_STRING: search.slice(1),
    CONTENT_TYPE: headers["content-type"] ?? "",
    HTTP_CONTENT_ENCODING: headers["content-encoding"] ?? "",
  };
}

const server = createServer((request, response) => {
  const sent = request.headersDistinct.authorization ?? [];
  appendFileSync(log, `${JSON.stringify(sent)}\n`);
  if (wanted !== undefined && (sent.length !== 1 || sent[0] !== wanted)) {
    response.writeHead(401, { "www-authenticate": "Basic" }).end();
    return;
  }
  const backend = spawn("git", ["http-backend"], { env: variables(request), stdio: ["pipe", "pipe", "inherit"] });
  request.pipe(backend.stdin);
  /** @type {Buffer[]} */
  const parts = [];
  backend.stdout.on("data", (part) => parts.push(part));
  backend.on("close", () => {
    const answer = Buffer.concat(parts);
    const end = answer.indexOf("\r\n\r\n");
    const lines = answer.subarray(0, end).toString("latin1").split("\r\n");
    const headers = Object.fromEntries(lines.map((line) => line.split(/: (.*)/s).slice(0, 2)));
    const { Status: status = "200", ...rest } = headers;
    response.writeHead(Number.parseInt(status, 10), rest).end(answer.subarray(end + 4));
  });
});
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  process.stdout.write(`${typeof address === "object" && address ? address.port : ""}\n`);
});
