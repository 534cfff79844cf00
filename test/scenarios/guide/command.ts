/** Names of values that answers gave, for the commands that follow: `{loadBalancer}` in an argument stands for one. */
export type Known = Readonly<Record<string, string>>;

/** One AWS CLI command of the walk through the guide. */
export interface GuideCommand {
  /** The account whose key the command carries. */
  readonly as: string;
  /** What comes after `aws`; `{name}` is replaced by what an earlier answer gave. */
  readonly argv: readonly string[];
  /** Values to remember: name → path in the answer, as `LoadBalancers.0.LoadBalancerArn`. */
  readonly keep?: Readonly<Record<string, string>>;
  /** What the answer must match (`toMatchObject`); undefined where AWS answers with nothing, which the CLI prints as nothing. */
  readonly answer: unknown;
  /**
   * Why the command is here although the guide does not spell it out. A command without one is the guide's own.
   * AWS takes time where the guide is silent about it, and the proof of a domain is only described there.
   */
  readonly beyond?: string;
  /** The command is a look at something that moves: it runs until the answer matches, at most this often. */
  readonly tries?: number;
}

/** Splits a command line at white space; what is filled in stays one argument, as quotes would keep it. */
export function aws(parts: TemplateStringsArray, ...whole: readonly string[]): string[] {
  return parts.flatMap((part, index) => {
    const words = part.split(/\s+/).filter((word) => word !== "");
    const argument = whole[index];
    return argument === undefined ? words : [...words, argument];
  });
}

/** The arguments with every `{name}` replaced. @throws Error for a name that no answer gave */
export function fillIn(argv: readonly string[], known: Known): string[] {
  return argv.map((argument) =>
    argument.replace(/\{([a-zA-Z]+)\}/g, (_, name: string) => {
      const value = known[name];
      if (value === undefined) throw new Error(`no answer gave {${name}}, which ${argv.join(" ")} needs`);
      return value;
    }),
  );
}

/** The text at a path of a CLI answer. @throws Error when there is none */
export function textAt(answer: unknown, path: string): string {
  const found = path.split(".").reduce<unknown>((value, key) => {
    return typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
  }, answer);
  if (typeof found === "string") return found;
  throw new Error(`the answer has no text at ${path}: ${JSON.stringify(answer)}`);
}
