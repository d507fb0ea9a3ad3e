/** The one computation of a settlement: a run, a correction, the preview of a dispute and a step of a difference all use it, and differ only
 *  in where their sources and shards come from. */
import type { Settlement } from '../../engine/settlement/statement.ts'
import { assessedIn, mortalityIn, settledBuffers, type ContributedYear } from '../threads/assessed-year.ts'
import { contributedYears, type ShardsOfYear } from './contributed-years.ts'
import type { Tools } from './run-context.ts'
import { settlementInputOf, type SettlementSources, type ShardCounts } from './settlement-input.ts'

/** A settlement that a thread computes while its years can be appended: of those, only what `appendedIn` names is still here. */
export interface SettlementUnderWay {
  readonly years: readonly ContributedYear[]
  readonly settlement: Promise<Settlement>
}

/** @param counts what each shard counted  @param shardsOf the shards of an assessed year */
export async function beginSettlement(
  { store, threads }: Tools,
  sources: SettlementSources,
  counts: readonly ShardCounts[],
  shardsOf: ShardsOfYear,
  signal?: AbortSignal,
): Promise<SettlementUnderWay> {
  const { contract } = sources
  const input = await settlementInputOf(store, sources, counts)
  const years = await contributedYears(threads, contract, input.controlPartners, shardsOf, signal)
  const measures = contract.outcomes.map(({ measure }) => measure)
  const whole = { ...input, ...assessedIn(years, measures), mortality: mortalityIn(years) }
  return { years, settlement: threads.run('settle', whole, { transfer: settledBuffers(years), signal }) }
}
