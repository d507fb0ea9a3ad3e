/** `winst ledger`: its head, its accounts by posting day and by entry, and whether its chain is intact. */
import { readBook } from '../../../data/accounts/book.ts'
import { regionOf } from '../../../data/region/regions.ts'
import { ledgerHead, brokenEntry } from '../../../data/settlements/settlements.ts'
import type { Day } from '../../../engine/kernel/calendar.ts'
import { Refusal } from '../../../engine/kernel/refusal.ts'
import type { Verb } from '../verb.ts'
import { euro } from './print-settlement.ts'
import { withStore } from './local-services.ts'

export interface LedgerOptions {
  readonly contract?: string
  readonly region?: string
  readonly postedOn?: Day
  readonly recorded?: number
}

export const ledgerVerb: Verb<LedgerOptions> = ({ contract, region, postedOn, recorded }, { terminal }) =>
  withStore(async (store) => {
    const broken = await brokenEntry(store)
    if (broken)
      throw new Refusal('chain_broken', `The book is not as it was posted: entry ${broken.seq} (${broken.entry_id}).`, {
        seq: broken.seq,
      })
    const head = await ledgerHead(store)
    const regionId = region === undefined ? undefined : (await regionOf(store, region)).regionId
    const accounts = await readBook(store, { contractId: contract, regionId, postedOn, recorded })
    if (accounts.length > 0) terminal.line(row('region', 'contract', 'account', ['expected', 'owed', 'paid', 'open']))
    for (const { region: of, contract: name, account, party, expected, owed, paid, open } of accounts)
      terminal.line(row(of, name, `${account} ${party}`.trim(), [expected, owed, paid, open].map(euro)))
    terminal.line(head ? `The ledger ends at entry ${head.seq}: ${head.hash}` : 'Nothing is posted yet.')
    return { head, accounts }
  })

const row = (region: string, contract: string, account: string, amounts: readonly string[]): string =>
  `${region.padEnd(16)} ${contract.padEnd(24)} ${account.padEnd(20)}${amounts.map((cents) => cents.padStart(17)).join('')}`
