/** The account that a text names: twelve digits, or an IAM ARN in which they stand. */
export const accountIn = (text: string): string | undefined =>
  /^(?:arn:[^:]+:iam::)?([0-9]{12})(?::|$)/.exec(text)?.[1];
