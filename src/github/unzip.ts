import { unzipSync } from "fflate";
import { GitHubError } from "./errors.ts";

/** How much of an artifact is read, in bytes. */
export interface ArtifactLimits {
  readonly packed: number;
  readonly unpacked: number;
  readonly files: number;
}

/** Ten times what the plan of 1,200 connections takes. */
export const ARTIFACT_LIMITS: ArtifactLimits = { packed: 5_000_000, unpacked: 50_000_000, files: 50 };

/** Contents by path. The paths come from whoever made the zip: they are keys, never places to write to. */
export type TextFiles = ReadonlyMap<string, string>;

/**
 * Unpacks text files within limits. The sizes that a zip declares are what is added up before anything is unpacked, and each file gets a buffer
 * of exactly that size, so a zip that lies gains nothing.
 */
export function unzipText(where: string, zip: Uint8Array, limits: ArtifactLimits): TextFiles {
  const files = unpack(where, zip, limits);
  return new Map(Object.entries(files).map(([path, bytes]) => [path, textOf(where, path, bytes)]));
}

function unpack(where: string, zip: Uint8Array, limits: ArtifactLimits): Record<string, Uint8Array> {
  let unpacked = 0;
  let files = 0;
  try {
    return unzipSync(zip, {
      filter: ({ name, size, originalSize }) => {
        if (name.endsWith("/")) return false;
        files += 1;
        // What is stored without packing takes its packed size, whatever it declares.
        unpacked += Math.max(size, originalSize);
        if (files > limits.files) throw over(where, "files", limits.files);
        if (unpacked > limits.unpacked) throw over(where, "unpacked bytes", limits.unpacked);
        return true;
      },
    });
  } catch (error) {
    if (error instanceof GitHubError) throw error;
    throw new GitHubError("invalid", `${where} is no zip that can be read: ${String(error)}.`);
  }
}

const over = (where: string, what: string, most: number): GitHubError =>
  new GitHubError("invalid", `${where} holds more than ${most} ${what}. It was left alone.`);

function textOf(where: string, path: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new GitHubError("invalid", `${where}: ${JSON.stringify(path)} is not text in UTF-8.`);
  }
}
