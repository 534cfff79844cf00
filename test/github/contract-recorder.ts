import type { Exchange } from "./contract.ts";

/** Told about every exchange once its answer is complete. */
export type OnExchange = (exchange: Exchange) => void;

/** A `fetch` for Octokit that shows each exchange as it was on the wire. Redirects are shown, not followed. */
export function recordingFetch(baseUrl: string, onExchange: OnExchange): typeof fetch {
  return async (input, init) => {
    const response = await fetch(input, { ...init, redirect: "manual" });
    const url = String(input);
    const path = url.startsWith(baseUrl) ? url.slice(baseUrl.length) : url;
    const { status } = response;
    const requestBody = parsed(typeof init?.body === "string" ? init.body : "");
    const responseBody = parsed(await response.clone().text());
    onExchange({ method: init?.method ?? "GET", path, requestBody, status, responseBody });
    return response;
  };
}

/** The JSON of a body, the text when it is none, `undefined` when there is no body. */
function parsed(text: string): unknown {
  if (text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
