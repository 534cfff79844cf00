import type { AwsError, Tree } from "./operation.ts";
import { xml } from "./xml.ts";

/** How a service writes its answers. */
export interface Protocol {
  success(action: string, answer: Tree, requestId: string): string;
  failure(error: AwsError, requestId: string): string;
}

const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n';

/** EC2's own query protocol: members stand directly under the root. */
export const ec2Query: Protocol = {
  success: (action, answer, requestId) =>
    root(`${action}Response`, "http://ec2.amazonaws.com/doc/2016-11-15/", { requestId, ...answer }),
  failure: (error, requestId) =>
    declaration +
    xml({ Response: { Errors: { Error: { Code: error.code, Message: error.message } }, RequestID: requestId } }),
};

/** The query protocol of ELBv2 and STS: the members stand in `<{Action}Result>`. */
export function awsQuery(namespace: string): Protocol {
  return {
    success: (action, answer, requestId) =>
      root(`${action}Response`, namespace, {
        [`${action}Result`]: answer,
        ResponseMetadata: { RequestId: requestId },
      }),
    failure: (error, requestId) => errorResponse(namespace, error, requestId),
  };
}

/** Route 53's REST protocol: `<{Action}Response>` holds the members; there is no request id in the body. */
export function restXml(namespace: string): Protocol {
  return {
    success: (action, answer) => root(`${action}Response`, namespace, answer),
    failure: (error, requestId) => errorResponse(namespace, error, requestId),
  };
}

function errorResponse(namespace: string, error: AwsError, requestId: string): string {
  const type = error.status >= 500 ? "Receiver" : "Sender";
  return root("ErrorResponse", namespace, {
    Error: { Type: type, Code: error.code, Message: error.message },
    RequestId: requestId,
  });
}

function root(name: string, namespace: string, body: Tree): string {
  return `${declaration}<${name} xmlns="${namespace}">${xml(body)}</${name}>`;
}
