/** The one computation of a settlement: a run, a correction, the preview of a dispute and a step of a difference all use it, and differ only
 *  in where their sources and shards come from. */
import type { ControlEffect } from '../../engine/explain/dependence.ts'
import type { Settlement } from '../../engine/settlement/statement.ts'
import { assessedIn, mortalityIn, settledBuffers, type ContributedYear } from '../threads/assessed-year.ts'
import { contributedYears, type ShardsOfYear } from './contributed-years.ts'
import type { Tools } from './run-context.ts'
import { settlementInputOf, type SettlementSources, type ShardCounts } from './settlement-input.ts'

/** What a thread computes while its years can be appended: of those, only what `appendedIn` names is still here. */
export interface SettlementUnderWay<Settled> {
  readonly years: readonly ContributedYear[]
  readonly settlement: Promise<Settled>
}

type Settling = readonly [
  tools: Tools,
  sources: SettlementSources,
  /** what each shard counted */
  counts: readonly ShardCounts[],
  /** the shards of an assessed year */
  shardsOf: ShardsOfYear,
  signal?: AbortSignal,
]

/** The settlement alone. */
export async function beginSettlement(...of: Settling): Promise<SettlementUnderWay<Settlement>> {
  const { years, whole } = await settledOf(...of)
  const [{ threads }, , , , signal] = of
  return { years, settlement: threads.run('settle', whole, { transfer: settledBuffers(years), signal }) }
}

/** The settlement, and what explains it that only its patients can tell: the payments without each control. */
export async function beginFullSettlement(
  ...of: Settling
): Promise<SettlementUnderWay<{ settlement: Settlement; controlEffects: ControlEffect[] }>> {
  const { years, whole } = await settledOf(...of)
  const [{ threads }, , , , signal] = of
  return { years, settlement: threads.run('settleInFull', whole, { transfer: settledBuffers(years), signal }) }
}

async function settledOf(...[{ store, threads }, sources, counts, shardsOf, signal]: Settling) {
  const { contract } = sources
  const input = await settlementInputOf(store, sources, counts)
  const years = await contributedYears(threads, contract, input.controlPartners, shardsOf, signal)
  const measures = contract.outcomes.map(({ measure }) => measure)
  return { years, whole: { ...input, ...assessedIn(years, measures), mortality: mortalityIn(years) } }
}
