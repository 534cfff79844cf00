import type { GitHub } from "./client.ts";
import { absentOn } from "./errors.ts";

/**
 * Whether somebody is in a team, or in a team below it. Undefined when the token cannot see that: the token of a workflow cannot, see
 * `openGitHub({teamsToken})`. An invitation that was not accepted is no membership.
 */
export async function isTeamMember(
  { teams }: Pick<GitHub, "teams">,
  org: string,
  slug: string,
  login: string,
): Promise<boolean | undefined> {
  const team = { org, team_slug: slug };
  const seen = await absentOn(["permission"], async () => {
    const membership = await absentOn(["not-found"], () =>
      teams.rest.teams.getMembershipForUserInOrg({ ...team, username: login }),
    );
    return { state: membership?.data.state };
  });
  if (!seen) return undefined;
  if (seen.state !== undefined) return seen.state === "active";
  // 404 is both "not in the team" and "no such team for this token".
  return (await isTeamVisible({ teams }, org, slug)) ? false : undefined;
}

/** Whether the token for teams sees this one; a team that does not exist cannot be told from one that is hidden. */
export async function isTeamVisible({ teams }: Pick<GitHub, "teams">, org: string, slug: string): Promise<boolean> {
  const call = () => teams.rest.teams.listMembersInOrg({ org, team_slug: slug, per_page: 1 });
  return (await absentOn(["not-found", "permission"], call)) !== undefined;
}
