/** Statements and excerpts tell of nobody: no one to nine missing, no amount of one small panel. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { excerptOf } from '../../../engine/disclosure/excerpt.ts'
import { toldPartner, toldTipping } from '../../../engine/disclosure/told-missing.ts'
import type { PartnerStatement } from '../../../engine/settlement/statement.ts'
import { contractWith } from '../../support/settlements/contract.ts'
import { partnerOf, settlementOf } from '../../support/settlements/report-example.ts'

const contract = contractWith({ minPatients: 30 })
const missing = (partner: PartnerStatement, persons: number): PartnerStatement => ({
  ...partner,
  measured: partner.eligible - persons,
  outcomes: partner.outcomes.map((row) => ({ ...row, measured: row.eligible - persons })),
})

describe('the missing', () => {
  test('of one to nine are neither a count nor a share', () => {
    fc.assert(
      fc.property(fc.integer({ min: 40, max: 400 }), fc.integer({ min: 0, max: 29 }), (eligible, persons) => {
        const told = toldPartner(missing(partnerOf('p01', eligible, [2, 1]), persons))
        for (const { measured } of [told, ...told.outcomes])
          expect(measured).toBe(persons > 0 && persons < 10 ? null : eligible - persons)
        const evidence = told.gates[0]?.evidence
        expect(evidence).toEqual(persons > 0 && persons < 10 ? expect.stringContaining('more than') : '0.84')
      }),
    )
  })

  test('are none of a tipping point either', () => {
    const settlement = settlementOf([missing(partnerOf('p01', 200, [2, 1]), 4), partnerOf('p02', 200, [1, 1])])
    const whole = { ...contract, outcomes: ['hba1c', 'sbp'].map((measure) => ({ ...contract.outcomes[0]!, measure })) }
    expect(toldTipping(settlement, whole, 'p01').outcomes.map((row) => row.missing)).toEqual([null, null])
    expect(toldTipping(settlement, whole, 'p02').outcomes.map((row) => row.missing)).toEqual([32, 32])
  })
})

describe('the sum of the small panels of an insurer', () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 2, maxLength: 8 })

  test('is never the amount of one partner, whatever the panels; and nobody folded is told by name as a row', () => {
    fc.assert(
      fc.property(sizes, (counts) => {
        const partners = counts.map((n, at) => partnerOf(`p${at}`, n, [3, 2]))
        const { insurer, smallPartners } = excerptOf(
          { role: 'insurer', subject: '7095' },
          settlementOf(partners),
          contract,
        )
        const rows = insurer?.partners.map(({ partner_id }) => partner_id) ?? []
        expect([...rows, ...smallPartners].sort()).toEqual(partners.map(({ partner_id }) => partner_id).sort())
        expect(smallPartners.length === 1).toBe(false)
        const told = (insurer?.partners ?? []).reduce((sum, { cents }) => sum + cents, 0)
        expect(insurer?.payment_cents).toBe(told + (insurer?.small_panels_cents ?? 0))
      }),
    )
  })
})
