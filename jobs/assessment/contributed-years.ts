/** What everybody contributes in every assessed year, from what the realising of the shards has left in the store. */
import { handedOver } from '../../data/runs/handover.ts'
import type { Store } from '../../data/postgres/database.ts'
import type { Contract } from '../../engine/contract/contract.ts'
import { assessedYearsOf } from '../../engine/assessment/assessed-years.ts'
import { SHARDS } from '../../engine/panel/panel.ts'
import { invariant } from '../../engine/kernel/refusal.ts'
import type { YearOfRegion } from '../threads/assessed-year.ts'
import type { contribute } from '../threads/tasks.ts'
import type { Threads } from '../threads/threads.ts'

/** The contract year first. As many years are in memory at a time as there are threads.
 *  @param controlPartners indices in the run's partners */
export async function contributedYears(
  {
    store,
    threads,
  }: { readonly store: Pick<Store, 'pool'>; readonly threads: Threads<{ contribute: typeof contribute }> },
  runId: string,
  contract: Contract,
  controlPartners: readonly number[],
  signal?: AbortSignal,
): Promise<(YearOfRegion & { readonly yearsBefore: number })[]> {
  const years = assessedYearsOf(contract)
  const done = new Map<number, YearOfRegion>()
  const waiting = [...years]
  const lane = async () => {
    for (let yearsBefore = waiting.shift(); yearsBefore !== undefined; yearsBefore = waiting.shift()) {
      const shards = await handedOver(store, { runId, stage: 'realise', prefix: `${yearsBefore}.` })
      invariant(shards.length === SHARDS, 'every expectation is realised before it is settled')
      const task = { contract, controlPartners: yearsBefore === 0 ? controlPartners : null, shards }
      const transfer = shards.map(({ buffer }) => buffer as ArrayBuffer)
      done.set(yearsBefore, await threads.run('contribute', task, { transfer, signal }))
    }
  }
  await Promise.all(Array.from({ length: threads.threads }, lane))
  return years.map((yearsBefore) => ({ yearsBefore, ...done.get(yearsBefore)! }))
}
