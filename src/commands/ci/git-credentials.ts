type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The environment in which git may fetch from the run's own server with the run's token, and from nowhere else. Workflows check out with
 * `persist-credentials: false`, so that nothing else finds the token in the clone; in variables it ends with this process, and no command line
 * shows it. What the clone may have kept all the same comes first and is put aside by the empty value: GitHub refuses two of these headers.
 * https://git-scm.com/docs/git-config#ENVIRONMENT and `http.extraHeader` there
 */
export function withCredentials(
  env: Environment,
  run: { readonly serverUrl: string; readonly token: string },
): Environment {
  const key = `http.${run.serverUrl}/.extraheader`;
  const basic = Buffer.from(`x-access-token:${run.token}`).toString("base64");
  const before = Number(env.GIT_CONFIG_COUNT ?? 0);
  const settings = ["", `AUTHORIZATION: basic ${basic}`].flatMap((value, index) => [
    [`GIT_CONFIG_KEY_${before + index}`, key],
    [`GIT_CONFIG_VALUE_${before + index}`, value],
  ]);
  return { ...env, ...Object.fromEntries(settings), GIT_CONFIG_COUNT: String(before + 2) };
}
