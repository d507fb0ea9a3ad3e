/** The book after a fault: an auditor finds nothing, and what is settled is in it, whole and once. */
import type { Settlement } from '../../engine/settlement/statement.ts'
import { openStore } from '../../data/postgres/database.ts'
import { brokenEntry, listSettlements, readLedger, wholeSettlement } from '../../data/settlements/settlements.ts'
import { faultsOf, settled } from '../support/oracles/auditor.ts'
import type { SettlementSpec } from '../support/settlements/paying.ts'

/** What is wrong with the book of a database; empty where nothing is. */
export async function bookFaults(databaseUrl: string): Promise<readonly string[]> {
  const store = await openStore({ databaseUrl, home: '', connections: 2 })
  try {
    const book = await readLedger(store)
    const stored = await listSettlements(store)
    const settlements = await Promise.all(stored.map(({ settlementId }) => wholeSettlement(store, settlementId)))
    const specs = new Map(settlements.map(specOf).map((spec) => [spec.id, spec]))
    const posted = [...new Set(book.map(({ settlement_id }) => settlement_id ?? ''))]
    const faults = posted
      .filter((id) => !specs.has(id))
      .map((id) => `the book has entries of ${id}, which is not settled`)
    const unposted = [...specs.keys()].filter((id) => !posted.includes(id) && pays(specs.get(id)))
    faults.push(...unposted.map((id) => `${id} is settled and not in the book`))
    const broken = await brokenEntry(store)
    if (broken) faults.push(`the chain is broken at ${broken.entry_id}`)
    const known = posted.flatMap((id) => specs.get(id) ?? [])
    return [...faults, ...faultsOf(known.map(settled), book)]
  } finally {
    await store.close()
  }
}

const pays = (spec: SettlementSpec | undefined): boolean => spec?.payments.some(({ cents }) => cents !== 0) ?? false

const specOf = ({ settlement_id, contract, as_of, partners }: Settlement): SettlementSpec => ({
  id: settlement_id,
  contract,
  asOf: as_of,
  payments: partners.map(({ partner_id, payment_cents, insurers, attribution }) => ({
    partnerId: partner_id,
    cents: payment_cents,
    insurers,
    attribution,
  })),
})
