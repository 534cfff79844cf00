/** What a pull request says, and what it is told besides the plan. All plain data. */

/** A target as people know it. */
export interface Place {
  readonly name: string;
  readonly account: string;
  readonly region: string;
}

/** One thing that has to be so before the merge, or that is good to know. */
export interface ChecklistItem {
  readonly done: boolean;
  /** Whether the merge has to wait for it. */
  readonly blocks: boolean;
  /** Plain text; what stands in backquotes becomes code. */
  readonly text: string;
}

/** Where the whole of it is. Nothing in here may differ from run to run while the plan is the same: the comment would be sent again each time. */
export interface MoreAt {
  /** `the job summary` */
  readonly words: string;
  /** An address that outlives the run, such as the checks of the pull request. */
  readonly url?: string;
  /** The name of the artifact that holds the plan as JSON. */
  readonly artifact?: string;
}

/** A connection that was planned, and why: its spec changed, the project's tags changed, it consumes one that changed. */
export interface InScope {
  readonly name: string;
  readonly why: string;
}
