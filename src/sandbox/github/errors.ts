/** One entry of GitHub's validation errors. */
export interface FieldError {
  resource: string;
  field: string;
  code: "missing_field" | "invalid" | "custom" | "already_exists" | "unprocessable";
  message?: string;
}

/** A refusal in GitHub's shape: status, message and, for 422, the fields. */
export class ApiError extends Error {
  readonly status: number;
  readonly errors: readonly (FieldError | string)[] | undefined;
  readonly headers: Record<string, string>;

  constructor(
    status: number,
    message: string,
    { errors, headers = {} }: { errors?: readonly (FieldError | string)[]; headers?: Record<string, string> } = {},
  ) {
    super(message);
    this.status = status;
    this.errors = errors;
    this.headers = headers;
  }
}

export function notFound(): ApiError {
  return new ApiError(404, "Not Found");
}

/** 422 with one field. */
export function invalid(
  resource: string,
  field: string,
  code: FieldError["code"] = "invalid",
  message?: string,
): ApiError {
  const error: FieldError = { resource, field, code, ...(message === undefined ? {} : { message }) };
  return new ApiError(422, "Validation Failed", { errors: [error] });
}

/** 422 of the sort that is one sentence. */
export function unprocessable(message: string): ApiError {
  return new ApiError(422, message);
}

/** 422 of the sort that carries its sentences in a list, as reviews do. */
export function unprocessableEntity(...messages: string[]): ApiError {
  return new ApiError(422, "Unprocessable Entity", { errors: messages });
}

export function forbidden(message: string, headers: Record<string, string> = {}): ApiError {
  return new ApiError(403, message, { headers });
}
