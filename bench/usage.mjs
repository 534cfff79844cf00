// @ts-check
import { writeFileSync } from "node:fs";

/** Loaded into a measured process with `--import`: on leaving it writes down what it has used. The operating system's count, so start-up is in it. */
const file = process.env.LANDLINE_BENCH_USAGE;
if (file) process.on("exit", () => writeFileSync(file, JSON.stringify(process.resourceUsage())));
