/**
 * `fetch` as Octokit gets it. Octokit takes a body that breaks off for an empty text and, in lists, an empty text for an empty list; a lost page
 * of comments would then become a second comment. So the body is read to its end here, under the same time-out as the head, and an answer that
 * should be JSON and is not counts as no answer.
 */
export function carefulFetch(timeoutMs: number): typeof fetch {
  return async (input, init) => {
    const signal = AbortSignal.timeout(timeoutMs);
    try {
      const answer = await fetch(input, { ...init, signal });
      return await whole(answer);
    } catch (error) {
      if (signal.aborted) throw new Error(`no whole answer within ${timeoutMs / 1000} s`);
      throw error;
    }
  };
}

async function whole(answer: Response): Promise<Response> {
  const body = await answer.arrayBuffer();
  if (answer.ok && answer.status !== 204 && answer.status !== 205) assertJson(body);
  const { status, statusText, headers, url } = answer;
  const empty = body.byteLength === 0 || status === 204 || status === 205 || status === 304;
  const copy = new Response(empty ? null : body, { status, statusText, headers: plain(headers) });
  // Octokit's paging reads it; the constructor cannot set it.
  Object.defineProperty(copy, "url", { value: url });
  return copy;
}

function assertJson(body: ArrayBuffer): void {
  const text = new TextDecoder().decode(body);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Error("the answer is not JSON or breaks off; is this the address of GitHub's API?");
  }
  if (typeof value !== "object" || value === null) throw new Error("the answer is neither an object nor a list");
}

/** The body is unpacked by now. */
function plain(headers: Headers): Headers {
  const copy = new Headers(headers);
  copy.delete("content-encoding");
  copy.delete("content-length");
  return copy;
}
