/** The payments worked out over HTTP: every equation is worked out again from its own texts, and everybody sees what is theirs. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { CalculationView } from '../../../../api/schemas/receipts/calculation.ts'
import { appendControlEffects } from '../../../../data/settlements/control-effects.ts'
import { inTransaction } from '../../../../data/postgres/transaction.ts'
import { readerNames, runningApp, type ReaderName, type RunningApp } from '../../../support/services/running-app.ts'
import { tokenFor } from '../../../support/services/keys.ts'
import { releasedByHand } from '../../../support/settlements/released.ts'

let asked: RunningApp
beforeAll(async () => {
  asked = await runningApp()
  const { settlement_id } = asked.noord.settlement
  const payments = ['p01', 'p02', 'p03'].map((partner_id, at) => ({ partner_id, payment_cents: 70_000 + at }))
  await inTransaction(asked.store, async (transaction) => {
    await appendControlEffects(transaction, settlement_id, [{ control_id: 'p90', payments }])
  })
  await releasedByHand(asked.store, settlement_id)
})
afterAll(() => asked.close())

const url = () => asked.settlementUrl('/calculation')
const seenBy = async (asker: ReaderName) => (await asked.ask(asker, url())).json<CalculationView>()
type Partner = NonNullable<CalculationView['partners']>[number]
type Step = NonNullable<Partner['steps']>[number]

/** A decimal text as a whole number of 10^-18. */
const units = (text: string): bigint => {
  const [, sign = '', whole = '0', fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text) ?? []
  return BigInt(`${sign}${whole}${fraction.padEnd(18, '0')}`)
}
const ONE = 10n ** 18n

/** The addends of a step in units of 10^-18, truncated; far finer than any result is written. */
const workedOut = ({ addends }: Step): bigint =>
  (addends ?? []).reduce((sum, { minus, factors, divisor }) => {
    const product = factors.reduce((all, { value }) => (all * units(value)) / ONE, ONE)
    const addend = divisor ? (product * ONE) / units(divisor.value) : product
    return minus ? sum - addend : sum + addend
  }, 0n)

test('every equation holds in the digits that it is written with, and leads to the cents', async () => {
  const { partners = [], precision } = await seenBy('analyst ann')
  expect(partners.map(({ partner_id }) => partner_id)).toEqual(['p01', 'p02'])
  expect(precision).toMatchObject({ gain: expect.any(Number) as number })
  const all = partners.flatMap(({ steps = [] }) => steps).filter(({ addends }) => addends !== null)
  expect(all.length).toBeGreaterThan(20)
  for (const step of all) {
    const decimals = step.result.value.split('.')[1]?.length ?? 0
    const half = ONE / 2n / 10n ** BigInt(decimals)
    const off = workedOut(step) - units(step.result.value)
    expect([step.step, off <= half + 10n && off >= -half - 10n]).toEqual([step.step, true])
  }
  for (const { steps = [], payment_cents } of partners) {
    expect(steps[0]?.step).toBe('patients')
    expect(steps.at(-1)).toMatchObject({ step: 'payment', result: { kind: 'eur' } })
    expect(units(steps.at(-1)!.result.value)).toBe((BigInt(payment_cents) * ONE) / 100n)
  }
})

test('outcomes and clauses add up to each payment, payments and small panels to the total', async () => {
  const { partners = [], bridge, small_panels } = await seenBy('analyst ann')
  const { settlement } = asked.noord
  for (const { outcomes = [], clauses_cents = NaN, payment_cents, partner_id } of partners) {
    const known = settlement.partners.find((each) => each.partner_id === partner_id)
    expect(payment_cents).toBe(known?.payment_cents)
    expect(outcomes.map(({ measure }) => measure)).toEqual(['hba1c', 'sbp'])
    expect(outcomes.reduce((sum, { cents }) => sum + (cents ?? 0), clauses_cents)).toBe(payment_cents)
  }
  expect(small_panels).toMatchObject({ partners: ['p03'], payment_cents: 0 })
  expect(bridge?.total_cents).toBe(settlement.totals.payment_cents)
  const { gains_cents, losses_cents, small_panels_cents, total_cents } = bridge!
  expect(gains_cents + losses_cents + small_panels_cents).toBe(total_cents)
})

test('what a payment depends on stands beside it', async () => {
  const [p01] = (await seenBy('analyst ann')).partners ?? []
  expect(p01?.without_control).toEqual([{ control_id: 'p90', payment_cents: 70_000 }])
  expect(p01?.mean_alone_cents).not.toBe(p01?.payment_cents)
  expect(Number.isInteger(p01?.mean_alone_cents)).toBe(true)
})

test('a partner sees itself and nobody else, with the same figures', async () => {
  const [whole, own] = [await seenBy('analyst ann'), await seenBy('partner p01')]
  expect(own.partners).toEqual(whole.partners?.slice(0, 1))
  expect([own.bridge, own.small_panels, own.insurer]).toEqual([undefined, undefined, undefined])
  expect(JSON.stringify(own)).not.toMatch(/p02|p03/)
})

test('a small panel sees its payment only', async () => {
  expect((await seenBy('partner p03')).partners).toEqual([
    { partner_id: 'p03', small_panel: true, payment_cents: 0, reason: 'panel_too_small' },
  ])
})

test('an insurer sees its share, and no arithmetic', async () => {
  const seen = await seenBy('insurer 7095')
  expect(Object.keys(seen).sort()).toEqual(['as_of', 'contract', 'insurer', 'settlement_id', 'status'])
  const paid = asked.noord.settlement.partners.flatMap(({ insurers }) =>
    insurers.flatMap(({ insurer, cents }) => (insurer === '7095' ? [cents] : [])),
  )
  expect(seen.insurer).toMatchObject({ insurer: '7095', payment_cents: paid.reduce((sum, cents) => sum + cents, 0) })
})

test('an auditor sees what an analyst sees; nobody else anything', async () => {
  const token = await tokenFor(asked.store, 'auditor', 'aud', 'noord')
  const seen = await asked.app.inject({ url: url(), headers: { authorization: `Bearer ${token}` } })
  expect(seen.json()).toEqual(await seenBy('analyst ann'))
  const status = new Map<string, number>()
  for (const asker of readerNames) status.set(asker, (await asked.ask(asker, url())).statusCode)
  expect(Object.fromEntries(status)).toMatchObject({
    'insurer 1111': 404,
    'partner p77': 404,
    'researcher rob': 403,
    'partner p01': 200,
  })
})
