/** The payloads of the jobs in both queues: ids, never data. A job's own id says what it does (with dots, as BullMQ refuses colons). */
import type { Day } from '../../engine/kernel/calendar.ts'
import type { FlowName, Stage } from '../flow.ts'

/** One run of a flow. `runId` is made from everything else and the data: the same run is asked for by the same id. */
export interface RunPayload {
  readonly runId: string
  readonly flow: FlowName
  readonly region: string
  readonly contractSha256: string
  readonly asOf: Day
  /** the names of the models that the contract needs, in its order */
  readonly models: readonly string[]
  /** who requested it (role:subject) and so prepares its settlement; absent: the command line */
  readonly preparedBy?: string
  /** of a correction: the settlement whose contract and frozen models it keeps, and why it is corrected */
  readonly correction?: {
    readonly corrects: string
    readonly cause: 'late_data' | 'ruling' | 'defect'
    readonly disputeId: number | null
    readonly note: string
  }
  /** of an import: the delivery, and how it is read; then there is no contract and no day */
  readonly delivery?: {
    /** an archive, or files one by one; they lie under the run's id */
    readonly kind: 'zip' | 'tar' | 'files'
    readonly format: string
    readonly delivered: Day | null
    readonly maxRejects: number | null
    readonly pseudonymise: boolean
  }
  /** the two settlements that a difference is between */
  readonly compares?: { readonly from: string; readonly to: string }
}

/** What a handler may return and a later stage may read: ids and counts, small enough for a job. */
export type Result = string | number | boolean | null | readonly Result[] | { readonly [key: string]: Result }

/** Results of the stages that are done, in the order of their parts. */
export type Results = { readonly [stage in Stage]?: readonly Result[] }

/** The one job of queue `runs`: where the run is. */
export interface RunJob {
  readonly run: RunPayload
  /** index in the flow; past its end when all are done */
  readonly stage: number
  /** the parts of that stage are in their queue */
  readonly added: boolean
  readonly results: Results
  /** why it will fail, once the parts at work are done; null while all is well */
  readonly failure: string | null
}

/** A job of queue `parts`: one part of one stage. */
export interface PartJob {
  readonly run: RunPayload
  readonly stage: Stage
  readonly part: string
  readonly results: Results
}

/** Who prepares the settlement of a run without a token: the operator of the command line, so that another person must make it payable. */
export const preparerOf = ({ preparedBy }: RunPayload): string => preparedBy ?? 'winst'

export const runJobId = (runId: string) => `run.${runId}`
export const partJobId = (runId: string, stage: Stage, part: string) => `${stage}.${runId}.${part}`
