/** One call as `GET /_sandbox/requests` tells it. */
export interface LoggedRequest {
  /** 1 for the first call since the start or the last reset. */
  n: number;
  time: string;
  service: string;
  action: string;
  account: string;
  region: string;
  /** HTTP status; 0 when the connection was dropped. */
  status: number;
  errorCode?: string;
  /** Whether the operation is one that changes something. */
  write: boolean;
}

/** The calls of a running sandbox, oldest first. */
export interface RequestLog {
  add(request: Omit<LoggedRequest, "n">): void;
  /** The calls after number `n`. */
  since(n: number): LoggedRequest[];
  clear(): void;
}

/** Older calls than these are forgotten. */
const kept = 200_000;

/** An empty log. */
export function createRequestLog(): RequestLog {
  let count = 0;
  let entries: LoggedRequest[] = [];
  return {
    add(request) {
      count += 1;
      entries.push({ n: count, ...request });
      if (entries.length >= 2 * kept) entries = entries.slice(-kept);
    },
    since: (n) => entries.filter((entry) => entry.n > n),
    clear() {
      count = 0;
      entries = [];
    },
  };
}
