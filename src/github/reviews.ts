import type { GitHub } from "./client.ts";
import { absentOn } from "./errors.ts";
import { answer, commitOrNull, login, text, textOrNull } from "./fields.ts";
import type { Review } from "./words.ts";

const STATES: { readonly [state: string]: Review["state"] } = {
  APPROVED: "approved",
  CHANGES_REQUESTED: "changes-requested",
  COMMENTED: "commented",
  DISMISSED: "dismissed",
  PENDING: "pending",
};

/** All reviews in the order in which they were given. A state that GitHub adds one day counts as a comment: it approves nothing. */
export async function reviewsOf({ octokit, repository }: GitHub, number: number): Promise<Review[]> {
  const { owner, name: repo } = repository;
  const listed = await octokit.paginate(octokit.rest.pulls.listReviews, {
    owner,
    repo,
    pull_number: number,
    per_page: 100,
  });
  return listed.map((data): Review => {
    const review = answer(data);
    return {
      reviewer: login(review, "user"),
      state: STATES[text(review, "state")] ?? "commented",
      commit: commitOrNull(review, "commit_id"),
      submittedAt: textOrNull(review, "submitted_at"),
    };
  });
}

/** What somebody may do in the repository; GitHub counts `maintain` as write and `triage` as read here, and knows custom roles by their base. */
export type Permission = "admin" | "write" | "read" | "none";

/** The permission of an account in the repository, whatever gave it; `none` for accounts that do not exist. */
export async function permissionOf({ octokit, repository }: GitHub, person: string): Promise<Permission> {
  const { owner, name: repo } = repository;
  const found = await absentOn(["not-found"], () =>
    octokit.rest.repos.getCollaboratorPermissionLevel({ owner, repo, username: person }),
  );
  const level = found ? text(answer(found.data), "permission") : "none";
  return level === "admin" || level === "write" || level === "read" ? level : "none";
}
