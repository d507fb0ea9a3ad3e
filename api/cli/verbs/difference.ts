/** `winst difference`: what changed between two settlements of one contract, to the cent. */
import { idOf } from '../../../data/access/id-prefix.ts'
import type { Store } from '../../../data/postgres/database.ts'
import { appendDifference, readDifference, settlementBefore } from '../../../data/settlements/differences.ts'
import { readSettlement } from '../../../data/settlements/settlements.ts'
import type { Difference } from '../../../engine/explain/difference.ts'
import { Refusal } from '../../../engine/kernel/refusal.ts'
import type * as tasks from '../../../jobs/threads/tasks.ts'
import type { Verb } from '../verb.ts'
import { differenceFor } from '../../views/difference.ts'
import { differenceText } from '../../views/difference-text.ts'
import { readSettlementRecord } from '../../views/settlement-view.ts'
import { withStore } from './local-services.ts'

export interface DifferenceOptions {
  readonly from: string
  readonly to: string
}

// The operator of the command line sees all that the store holds.
const operator = { role: 'analyst', subject: '' } as const

export const differenceVerb: Verb<DifferenceOptions> = (asked, { terminal }) =>
  withStore(async (store) => {
    const [from, to] = [await idOf(store, 'settlement', asked.from), await idOf(store, 'settlement', asked.to)]
    const ends = [
      await readSettlementRecord(store, operator, from),
      await readSettlementRecord(store, operator, to),
    ] as const
    const disclosed = differenceFor(operator, ends, await differenceOf(store, from, to))
    terminal.line(differenceText(disclosed))
    return disclosed
  })

/** Computed and stored now, or as stored before. */
async function differenceOf(store: Store, from: string, to: string): Promise<Difference> {
  const known = await readDifference(store, from, to)
  if (known) return known
  const { openThreads } = await import('../../../jobs/threads/threads.ts')
  const { differenceBetween } = await import('../../../jobs/assessment/difference.ts')
  const threads = openThreads<typeof tasks>({ tasks: new URL('../../../jobs/threads/tasks.ts', import.meta.url) })
  try {
    const difference = await differenceBetween({ store, threads }, { from, to })
    await appendDifference(store, difference)
    return difference
  } finally {
    await threads.close()
  }
}

/** Computes the difference from the previous settlement, if any, for the statement.
 *  Skipped where the store no longer holds that settlement's inputs. */
export async function keepDifferenceFromBefore(store: Store, settlementId: string): Promise<void> {
  const before = await settlementBefore(store, await readSettlement(store, settlementId))
  if (!before) return
  try {
    await differenceOf(store, before.settlementId, settlementId)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
  }
}
