/** Settlements with given payments, without their computation. */
import type { Day } from '../../../engine/kernel/calendar.ts'
import type { Store } from '../../../data/postgres/database.ts'
import { openRun, type Run } from '../../../data/runs/runs.ts'
import { appendSettlement } from '../../../data/settlements/settlements.ts'
import { inTransaction } from '../../../data/postgres/transaction.ts'
import { type Settlement, settlementText } from '../../../engine/settlement/statement.ts'
import { settlementPaying } from './paying.ts'
import { sha256 } from './sha256.ts'

/** A settlement of a contract as of a day, that pays p01, p02 … these cents, all of insurer 7095. */
export const settlementOn = (contract: string, asOf: Day, ...cents: readonly number[]): Settlement =>
  settlementPaying({
    id: sha256(`${contract} ${asOf} ${cents.join()}`),
    contract,
    asOf,
    payments: cents.map((each, at) => ({
      partnerId: `p0${at + 1}`,
      cents: each,
      insurers: [{ insurer: '7095', cents: each }],
      attribution: [],
    })),
  })

/** Opens the run that a settlement is of, like the given one. */
export const runOn = (store: Store, run: Run, settlement: Settlement): Promise<Run> =>
  openRun(store, { ...run, runId: settlement.settlement_id, asOf: settlement.as_of }, { partners: [], insurers: [] })

/** Appends a settlement as the analyst anna prepares it. @returns whether it was posted now */
export async function appendPlain(store: Store, run: Run, settlement: Settlement): Promise<boolean> {
  const own = await runOn(store, run, settlement)
  return await inTransaction(store, (transaction) =>
    appendSettlement(transaction, own, settlement, settlementText(settlement), 'analyst:anna'),
  )
}
