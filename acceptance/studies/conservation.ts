/** Budget, insurers, attribution, ledger: exact to the cent, for negative totals too. */
import { createHash } from 'node:crypto'
import { centsOf } from '../../engine/kernel/allocation.ts'
import type { Contract } from '../../engine/contract/contract.ts'
import {
  balancesOf,
  brokenLinkOf,
  chained,
  differenceOf,
  entriesOf,
  standingEntriesOf,
} from '../../engine/ledger/ledger.ts'
import type { Settlement } from '../../engine/settlement/statement.ts'
import { contractWith } from '../simulation/contract.ts'
import { exactly, type Row } from '../simulation/figure.ts'
import { regionsOf, type Scale, type Study } from '../simulation/scale.ts'
import { inputOf, settledUnder } from '../simulation/settle.ts'
import { HIDDEN, worldWith } from '../simulation/world.ts'

const CHAIN: Contract['attribution'] = [
  { kind: 'gp_practice', share: 0.62 },
  { kind: 'diagnostic_centre', share: 0.23 },
  { kind: 'hospital', share: 0.15 },
]
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
const sum = (cents: readonly number[]): number => cents.reduce((total, each) => total + each, 0)

/** Cents that went missing, or came from nowhere, in a settlement. */
function lost(settlement: Settlement, budgetEur: number): number {
  const { partners, totals } = settlement
  const positive = sum(partners.map(({ payment_cents }) => Math.max(0, payment_cents)))
  return (
    sum(
      partners.map(
        ({ payment_cents, insurers, attribution }) =>
          Math.abs(sum(insurers.map(({ cents }) => cents)) - payment_cents) +
          Math.abs(sum(attribution.map(({ cents }) => cents)) - payment_cents),
      ),
    ) +
    Math.abs(sum(partners.map(({ payment_cents }) => payment_cents)) - totals.payment_cents) +
    Math.max(0, positive - centsOf(budgetEur))
  )
}

/** A settlement posted, then corrected: the ledger's balance against the amount owed after the correction, in cents. */
function lostInLedger(settlement: Settlement, corrected: Settlement): number {
  const posted = entriesOf(settlement)
  const book = [...posted, ...entriesOf({ ...corrected, settlement_id: 'corrected' }, standingEntriesOf(posted))]
  const balances = balancesOf(book)
  const owed = corrected.partners.map(({ partner_id, payment_cents, attribution }) => {
    const passedOn = attribution.length === 0 ? payment_cents : 0
    const expected = attribution.length === 0 ? payment_cents : 0
    return Math.abs((balances.get(`partner ${partner_id}`) ?? 0) - expected) + Math.abs(passedOn - expected)
  })
  const chain = [...balances].filter(([account]) => account.startsWith('chain')).map(([, cents]) => cents)
  return (
    Math.abs(differenceOf(book)) +
    Math.abs(balances.get('coalition') ?? 0) +
    sum(owed) +
    Math.abs(sum(chain) - corrected.totals.payment_cents) +
    (brokenLinkOf(chained(book, null, sha256), sha256) === -1 ? 0 : 1)
  )
}

function conservationRows(scale: Scale): Row[] {
  let [cents, ledger, negative, bound, settlements] = [0, 0, 0, 0, 0]
  const world = worldWith({ panel: 120, effectSd: 1, ...HIDDEN })
  for (const region of regionsOf(world, { ...scale, partnerYears: Math.min(1200, scale.partnerYears) }, [80, 0])) {
    const input = inputOf(region, contractWith({ attribution: CHAIN }))
    const free = settledUnder(input, {})
    const gains = sum(free.partners.map(({ payment_cents }) => Math.max(0, payment_cents)))
    for (const part of [0, 0.37, 0.83, 2]) {
      const budgetEur = Math.round(gains * part) / 100
      const settlement = settledUnder(input, { budgetEur })
      const corrected = settledUnder(input, { budgetEur, share: { gain: 0.5, loss: 0.9 } })
      cents += lost(settlement, budgetEur)
      ledger += lostInLedger(settlement, corrected)
      negative += settlement.totals.payment_cents < 0 ? 1 : 0
      bound += part < 1 ? 1 : 0
      settlements++
    }
  }
  const row = (regime: string) => ({ property: 'conservation', tests: '', regime })
  return [
    exactly(
      row(
        `budget, insurers and attribution: ${settlements} settlements, ${bound} bound, ${negative} negative in total`,
      ),
      cents,
      0,
      'cents',
    ),
    exactly(row(`ledger: ${settlements} settlements posted, corrected and chained`), ledger, 0, 'cents'),
  ]
}

export const conservation: readonly Study[] = [{ name: 'conservation', rows: conservationRows }]
