/** One request as the server remembers it. */
export interface LoggedRequest {
  readonly method: string;
  /** Below the base path, without the query. */
  readonly path: string;
  readonly query: string;
  /** The operation, as in GitHub's OpenAPI description. */
  readonly template?: string;
  /** Undefined without a known token. */
  readonly login?: string;
  /** 0 when the connection was dropped or nothing was ever answered. */
  readonly status: number;
  /** Counts against the limits on creating: everything but reads. */
  readonly creating: boolean;
}
