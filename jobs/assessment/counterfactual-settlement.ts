/** A counterfactual settlement: the panels of one run, the enrolments of another, models and contract of either. Nothing of
 *  it is stored; what the same care cost per procedure is that of the values' day. */
import { invariant } from '../../engine/kernel/refusal.ts'
import { SHARDS } from '../../engine/panel/panel.ts'
import type { Settlement } from '../../engine/settlement/statement.ts'
import { panelOf } from '../../data/columns/panel-bytes.ts'
import { readPanelBytes } from '../../data/snapshot/snapshot.ts'
import type { Tools } from './run-context.ts'
import { beginSettlement } from './settlement.ts'
import { shardCounts, type SettlementSources, type ShardCounts } from './settlement-input.ts'

/** A shard as the stage that realises it would leave it. */
interface CounterfactualShard {
  readonly counts: ShardCounts
  /** `yearOfShard`, by years before the contract's */
  readonly years: ReadonlyMap<number, Uint8Array>
}

export async function counterfactualSettlement(
  tools: Tools,
  sources: SettlementSources,
  signal?: AbortSignal,
): Promise<Settlement> {
  const { threads } = tools
  const shards: CounterfactualShard[] = []
  // as many panels in memory as there are threads to work on them
  for (let first = 0; first < SHARDS; first += threads.threads) {
    const next = Array.from({ length: Math.min(threads.threads, SHARDS - first) }, (_, at) => first + at)
    shards.push(...(await Promise.all(next.map((shard) => counterfactualShard(tools, sources, shard, signal)))))
  }
  const shardsOf = async (yearsBefore: number) =>
    shards.map(({ years }) => {
      const bytes = years.get(yearsBefore)
      invariant(bytes, `every shard has the rows of ${yearsBefore} years before`)
      return bytes
    })
  const counts = shards.map((shard) => shard.counts)
  const { settlement } = await beginSettlement(tools, sources, counts, shardsOf, signal)
  return await settlement
}

async function counterfactualShard(
  tools: Tools,
  sources: SettlementSources,
  shard: number,
  signal?: AbortSignal,
): Promise<CounterfactualShard> {
  const { threads } = tools
  const { values, attribution, models, contract } = sources
  const panel = await mixedPanel(tools, sources, shard, signal)
  const task = { panel, contract, enrolled: attribution.enrolled, better: values.better }
  const { expected } = await threads.run('expect', { ...task, models }, { signal })
  // nothing is appended, so no patient keys are needed
  const patientKey = new Int32Array(panelOf(panel).patientIds.length)
  const realised = await threads.run('realise', { ...task, expected, patientKey }, { signal })
  return {
    counts: shardCounts(realised.barred, realised.includedOnQuarterDays),
    years: new Map(realised.years.map(({ yearsBefore, bytes }) => [yearsBefore, bytes])),
  }
}

/** The panel of a shard with the values of one run and the enrolments of another. */
async function mixedPanel(
  { store, threads }: Tools,
  { values, attribution }: SettlementSources,
  shard: number,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const { programme } = values.programme
  const own = await readPanelBytes(store, { ...values.run, programme, shard })
  if (values.run.datasetSha256 === attribution.run.datasetSha256) return own
  const other = await readPanelBytes(store, { ...attribution.run, programme, shard })
  return await threads.run('mix', { values: own, attribution: other }, { signal })
}
