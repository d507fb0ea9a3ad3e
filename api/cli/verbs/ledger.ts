/** `winst ledger`: its head, its balances by posting day and by entry, and whether its chain is intact. */
import { balancesAsOf } from '../../../data/settlements/balances.ts'
import { ledgerHead, brokenEntry } from '../../../data/settlements/settlements.ts'
import type { Day } from '../../../engine/kernel/calendar.ts'
import { Refusal } from '../../../engine/kernel/refusal.ts'
import type { Verb } from '../verb.ts'
import { euro } from './print-settlement.ts'
import { withStore } from './local-services.ts'

export interface LedgerOptions {
  readonly contract?: string
  readonly postedOn?: Day
  readonly recorded?: number
}

export const ledgerVerb: Verb<LedgerOptions> = ({ contract, postedOn, recorded }, { terminal }) =>
  withStore(async (store) => {
    const broken = await brokenEntry(store)
    if (broken)
      throw new Refusal('chain_broken', `The book is not as it was posted: entry ${broken.seq} (${broken.entry_id}).`, {
        seq: broken.seq,
      })
    const head = await ledgerHead(store)
    const balances = await balancesAsOf(store, { contractId: contract, postedOn, recorded })
    for (const { contract: of, account, party, cents } of balances)
      terminal.line(`${of.padEnd(24)} ${`${account} ${party}`.trim().padEnd(20)} ${euro(cents).padStart(16)}`)
    terminal.line(head ? `The ledger ends at entry ${head.seq}: ${head.hash}` : 'Nothing is posted yet.')
    return { head, balances }
  })
