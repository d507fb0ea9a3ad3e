/** The contributions of every assessed year, computed from its shards. */
import { handedOver } from '../../data/runs/handover.ts'
import type { Store } from '../../data/postgres/database.ts'
import type { Contract } from '../../engine/contract/contract.ts'
import { assessedYearsOf } from '../../engine/assessment/assessed-years.ts'
import { SHARDS } from '../../engine/panel/panel.ts'
import { invariant } from '../../engine/kernel/refusal.ts'
import type { ContributedYear, YearOfRegion } from '../threads/assessed-year.ts'
import type { contribute } from '../threads/tasks.ts'
import type { Threads } from '../threads/threads.ts'

/** The shards of one assessed year, `yearOfShard` of each; they move to the thread that merges them. */
export type ShardsOfYear = (yearsBefore: number) => Promise<Uint8Array[]>

/** The contract year first. As many years are in memory at a time as there are threads.
 *  @param controlPartners indices in the run's partners */
export async function contributedYears(
  threads: Threads<{ contribute: typeof contribute }>,
  contract: Contract,
  controlPartners: readonly number[],
  shardsOf: ShardsOfYear,
  signal?: AbortSignal,
): Promise<ContributedYear[]> {
  const years = assessedYearsOf(contract)
  const done = new Map<number, YearOfRegion>()
  const waiting = [...years]
  const yearAfterYear = async () => {
    for (let yearsBefore = waiting.shift(); yearsBefore !== undefined; yearsBefore = waiting.shift()) {
      const shards = await shardsOf(yearsBefore)
      const task = { contract, controlPartners: yearsBefore === 0 ? controlPartners : null, shards }
      const transfer = shards.map(({ buffer }) => buffer as ArrayBuffer)
      done.set(yearsBefore, await threads.run('contribute', task, { transfer, signal }))
    }
  }
  await Promise.all(Array.from({ length: threads.threads }, yearAfterYear))
  return years.map((yearsBefore) => ({ yearsBefore, ...done.get(yearsBefore)! }))
}

/** The shards as the stage that realises a run has left them in the store. */
export const realisedShards =
  (store: Pick<Store, 'pool'>, runId: string): ShardsOfYear =>
  async (yearsBefore) => {
    const shards = await handedOver(store, { runId, stage: 'realise', prefix: `${yearsBefore}.` })
    invariant(shards.length === SHARDS, 'every expectation is realised before it is settled')
    return shards
  }
