/** The context of a stage: the store, the threads, and the run. */
import type { Day } from '../../engine/kernel/calendar.ts'
import type { Contract } from '../../engine/contract/contract.ts'
import type { Better, Programme } from '../../engine/contract/programme.ts'
import { invariant, Refusal } from '../../engine/kernel/refusal.ts'
import { readContract } from '../../data/region/contracts.ts'
import type { Store } from '../../data/postgres/database.ts'
import { enrolledPartnerIds } from '../../data/region/enrolled-partners.ts'
import { regionProgrammes } from '../../data/region/region-programmes.ts'
import { readRun, type Run } from '../../data/runs/runs.ts'
import type { PartJob } from '../queue/run-job.ts'
import type * as tasks from '../threads/tasks.ts'
import type { Threads } from '../threads/threads.ts'

export interface Tools {
  readonly store: Store
  readonly threads: Threads<typeof tasks>
}

export interface RunContext {
  readonly run: Run
  readonly contract: Contract
  readonly programme: Programme
  /** which way is better, per measure of the contract */
  readonly better: Readonly<Record<string, Better>>
  /** partner_ids with an enrolment in the programme */
  readonly enrolled: readonly string[]
}

/** The result of the snapshot, read by later stages. */
export interface SnapshotResult {
  readonly [key: string]: string
  /** the run's id in the store, made from the data as well; the settlement's id */
  readonly runId: string
}

/** The context of a stage after the snapshot. */
export async function contextOf({ store }: Tools, part: PartJob): Promise<RunContext> {
  const snapshot = part.results.snapshot?.[0] as SnapshotResult | undefined
  invariant(snapshot, `the snapshot comes before ${part.stage}`)
  const run = await readRun(store, snapshot.runId)
  const { contract } = await readContract(store, run.contractSha256)
  const programme = await programmeOfContract(store, run.regionId, run.asOf, contract)
  const enrolled = await enrolledPartnerIds(store, run.regionId, run.asOf, contract.programme)
  return { run, contract, programme, better: betterOf(contract, programme), enrolled }
}

/** Which way is better, per measure of the contract's outcomes.
 *  @throws Refusal `unknown_measure` where the region's programme has lost one since the contract was handed in */
export function betterOf(contract: Contract, programme: Programme): Record<string, Better> {
  return Object.fromEntries(
    contract.outcomes.map(({ measure }) => {
      const found = programme.measures.find(({ key }) => key === measure)
      if (found) return [measure, found.better]
      throw new Refusal(
        'unknown_measure',
        `Contract ${contract.contract}: programme ${programme.programme} of this region has no measure "${measure}".`,
        { measure },
      )
    }),
  )
}

/** The contract's programme as the region knows it on the day.
 *  @throws Refusal `unknown_programme` */
export async function programmeOfContract(
  store: Pick<Store, 'pool'>,
  regionId: number,
  asOf: Day,
  contract: Contract,
): Promise<Programme> {
  const programmes = await regionProgrammes(store.pool, regionId, asOf)
  const programme = programmes.get(contract.programme)
  if (programme) return programme
  throw new Refusal(
    'unknown_programme',
    `Contract ${contract.contract}: this region has no programme "${contract.programme}"; it has ${[...programmes.keys()].join(', ')}.`,
    { programme: contract.programme },
  )
}
