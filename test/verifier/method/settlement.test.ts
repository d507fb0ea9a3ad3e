import { describe, expect, test } from 'vitest'
import type { Contract } from '../../../verifier/method/contract.ts'
import { STATUSES } from '../../../verifier/method/inputs.ts'
import { dayNumber } from '../../../verifier/method/numbers.ts'
import { settlementOf } from '../../../verifier/method/settlement.ts'
import type { VersionedBundle } from '../../../verifier/method/version.ts'
import { version2 } from '../../../verifier/method/version-2/version.ts'
import { casesOf } from './cases.ts'

interface Row {
  readonly patient: string
  readonly partner: string
  readonly index_on?: string
  readonly insurer?: string
  /** measured, if it is not said */
  readonly status?: (typeof STATUSES)[number]
  readonly gain?: number
  /** the gain, if it is not said */
  readonly contribution?: number
  readonly days?: number
  readonly died?: number
  readonly death?: number
  /** P(measured) as fitted on controls */
  readonly controls?: number
}

interface PartnerThen {
  readonly patients: number
  readonly eligible: number
  readonly patient_years: number
  readonly value: number
  readonly cents: number
  readonly insurers?: Readonly<Record<string, number>>
  readonly evidence?: readonly (string | null)[]
  readonly reason?: string
}

interface SettlementCase {
  readonly name: string
  readonly contract: Partial<Contract>
  readonly rows: readonly Row[]
  readonly then: {
    readonly partners: Readonly<Record<string, PartnerThen>>
    readonly excluded: Readonly<Record<string, number>>
  }
}

/** What these tests read of the document. */
interface Document {
  readonly partners: readonly {
    readonly partner_id: string
    readonly patients: number
    readonly eligible: number
    readonly patient_years: number
    readonly value_eur_per_patient_year: number
    readonly payment_cents: number
    readonly reason: string | null
    readonly gates: readonly { readonly evidence: string | null }[]
    readonly insurers: readonly { readonly insurer: string; readonly cents: number }[]
  }[]
  readonly excluded: readonly { readonly reason: string; readonly patients: number }[]
}

const contractWith = (clauses: Partial<Contract>): Contract => ({
  contract: 'by-hand',
  programme: 'dm2',
  insurers: null,
  partners: null,
  period: { start: '2025-01-01', end: '2025-12-31' },
  reference: { start: '2021-01-01', end: '2024-12-31', partners: null },
  control: [],
  outcomes: [
    {
      measure: 'hba1c',
      priceEur: 10,
      countedRange: null,
      target: null,
      horizonDays: 365,
      windowDays: 120,
      baselineDays: 450,
    },
  ],
  missing: 'exclude',
  pessimisticShiftSd: 0,
  history: 'none',
  levelWeight: 1,
  trend: 'none',
  credibility: 'none',
  share: { gain: 1, loss: 1 },
  deadBand: { eur: 0, z: 0 },
  minPatients: 1,
  corridorEur: { floor: null, cap: null },
  gates: [],
  budgetEur: null,
  bundled: null,
  attribution: [],
  ...clauses,
})

function bundleOf({ contract: clauses, rows }: SettlementCase): VersionedBundle {
  const contract = contractWith(clauses)
  const partners = [...new Set(rows.map(({ partner }) => partner))]
  const patients = [...new Set(rows.map(({ patient }) => patient))]
  const insurers = [...new Set(rows.map(({ insurer }) => insurer ?? '7095'))]
  const hashes = { dataset_sha256: '', contract_sha256: '', settlement_id: '' }
  const places = rows.map(({ partner }) => partners.indexOf(partner))
  return {
    version: version2,
    head: { ...hashes, region: 'r', as_of: '2026-03-01', engine_version: '0.2.0', model_ids: {}, better: {} },
    contract,
    partners: partners.map((partnerId) => ({
      partnerId,
      kind: 'gp_practice',
      memberOf: '',
      role: 'contract',
      perProcedureCents: 0,
      included: 0,
    })),
    quality: [],
    ineligible: {},
    insurers,
    year: {
      patients: rows.length,
      patient: rows.map(({ patient }) => patients.indexOf(patient)),
      partner: places,
      practice: places,
      insurer: rows.map(({ insurer }) => insurers.indexOf(insurer ?? '7095')),
      days: rows.map(({ days }) => days ?? 0),
      index: rows.map(({ index_on }) => dayNumber(index_on ?? contract.period.start)),
      died: rows.map(({ died }) => died ?? NaN),
      deathPredicted: rows.map(({ death }) => death ?? NaN),
      outcomes: [
        {
          status: rows.map(({ status }) => STATUSES.indexOf(status ?? 'measured')),
          gain: rows.map(({ gain }) => gain ?? NaN),
          contribution: rows.map(({ gain, contribution }) => contribution ?? gain ?? NaN),
          amongControls: rows.map(({ controls }) => controls ?? NaN),
        },
      ],
    },
    placebo: new Map(),
    settlement: '',
    ledger: [],
    reversed: [],
  }
}

describe('a settlement of version 2, by hand', () => {
  test.each(casesOf('settlement') as SettlementCase[])('$name', (each) => {
    // the document is the verifier's own, with the keys of interface.md
    const { partners, excluded } = settlementOf(bundleOf(each)) as unknown as Document
    expect(partners.map(({ partner_id }) => partner_id)).toEqual(Object.keys(each.then.partners))
    for (const partner of partners) {
      const wanted = each.then.partners[partner.partner_id]!
      expect(partner).toMatchObject({
        patients: wanted.patients,
        eligible: wanted.eligible,
        payment_cents: wanted.cents,
        reason: wanted.reason ?? null,
      })
      expect(partner.patient_years).toBeCloseTo(wanted.patient_years, 12)
      expect(partner.value_eur_per_patient_year).toBeCloseTo(wanted.value, 8)
      if (wanted.evidence) expect(partner.gates.map(({ evidence }) => evidence)).toEqual(wanted.evidence)
      if (wanted.insurers)
        expect(Object.fromEntries(partner.insurers.map(({ insurer, cents }) => [insurer, cents]))).toEqual(
          wanted.insurers,
        )
    }
    expect(
      Object.fromEntries(excluded.filter(({ patients }) => patients > 0).map((one) => [one.reason, one.patients])),
    ).toEqual(each.then.excluded)
  })
})
