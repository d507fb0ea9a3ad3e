/** A settlement taken through its acts, each by whoever has to: an analyst, every insurer for its own share, another analyst. */
import { actOn } from '../../../data/settlements/lifecycle.ts'
import { readSettlement } from '../../../data/settlements/settlements.ts'
import { readStanding } from '../../../data/settlements/standing.ts'
import type { Store } from '../../../data/postgres/database.ts'
import type { Day } from '../../../engine/kernel/calendar.ts'
import type { Act, Finality } from '../../../engine/ledger/lifecycle.ts'
import { onDay } from '../services/on-day.ts'
import { signerFor } from './released.ts'

const HANDS = { review: 'analyst:bob', pay: 'analyst:dora', reject: 'analyst:bob' } as const

export async function through(
  store: Pick<Store, 'pool'>,
  settlementId: string,
  on: Day,
  acts: readonly Act[],
  finality?: Finality,
): Promise<void> {
  await onDay(store, on, async (day) => {
    for (const act of acts) {
      if (act !== 'release') await actOn(day, { settlementId, act, by: HANDS[act] })
      else {
        const { insurers } = await readStanding(day, await readSettlement(day, settlementId))
        for (const insurer of insurers) await actOn(day, { settlementId, act, by: signerFor(insurer), finality })
      }
    }
  })
}
