/** A statement with everything a board may meet: gains, a loss, a failed gate, small panels, a name that is markup. */
import type { Programme } from '../../../engine/contract/programme.ts'
import type { ReportCard } from '../../../api/report/elements/card.ts'
import type { ReportInput } from '../../../api/report/elements/view.ts'
import type { PartnerStatement, Settlement } from '../../../engine/settlement/statement.ts'
import { contractWith, outcomeWith } from './contract.ts'

export const contract = contractWith({
  control: ['p90', 'p91'],
  outcomes: ['hba1c', 'sbp'].map((measure) => outcomeWith({ measure, priceEur: 12.5 })),
  trend: 'control',
  share: { gain: 0.5, loss: 0.25 },
  deadBand: { eur: 5, z: 0 },
  minPatients: 30,
  corridorEur: { floor: -40, cap: 20 },
  gates: [
    { gate: 'min_measured_share', weight: 1, rule: { atLeast: 0.7 } },
    { gate: 'benchmark_participation', weight: 0.25, rule: { equals: 'true' } },
  ],
  bundled: {
    components: [{ activity: 'jaarcontrole', provider: 'poh', prevalence: 1, minutes: 30, hourlyEur: 60 }],
    advanceShare: 0.8,
  },
  attribution: [
    { kind: 'gp_practice', share: 0.7 },
    { kind: 'diagnostic_centre', share: 0.3 },
  ],
})

const programme: Programme = {
  programme: 'dm2',
  title: { nl: 'Diabetes mellitus type 2', en: 'Type 2 diabetes' },
  conditions: {},
  measures: [
    {
      key: 'hba1c',
      title: { nl: 'HbA1c', en: 'HbA1c' },
      unit: 'mmol/mol',
      better: 'lower',
      plausible: [20, 200],
      codes: {},
      convert: {},
    },
    {
      key: 'sbp',
      title: { nl: 'Systolische bloeddruk', en: 'Systolic blood pressure' },
      unit: 'mmHg',
      better: 'lower',
      plausible: [40, 300],
      codes: {},
      convert: {},
    },
  ],
}

const TRENDS = [0.31, -0.12]
const COLLECTIVE = 0.42

/** One partner from its gains on the two outcomes, paid as method.md section 5 says under the contract above. */
export function partnerOf(
  id: string,
  eligible: number,
  gain: readonly [number, number],
  passed = true,
): PartnerStatement {
  const years = eligible * 0.94
  const credible = gain.map((g) => 0.8 * g + 0.2 * COLLECTIVE)
  const value = 12.5 * (credible[0] ?? 0) + 12.5 * (credible[1] ?? 0)
  const sd = 90 / Math.sqrt(Math.max(1, eligible))
  const paidAt = (v: number): number => {
    const banded = Math.sign(v) * Math.max(0, Math.abs(v) - 5)
    const within = Math.min(20, Math.max(-40, banded * (banded > 0 ? 0.5 : 0.25)))
    return Math.round((within > 0 ? within * (passed ? 1 : 0.75) : within) * years * 100)
  }
  const banded = Math.sign(value) * Math.max(0, Math.abs(value) - 5)
  const small = eligible < 30
  const payment = small ? 0 : paidAt(value)
  return {
    partner_id: id,
    patients: eligible + 4,
    eligible,
    measured: Math.round(eligible * 0.86),
    patient_years: years,
    outcomes: ['hba1c', 'sbp'].map((measure, k) => ({
      measure,
      eligible,
      measured: Math.round(eligible * 0.84),
      patient_years: years,
      mean_gain: (gain[k] ?? 0) + 0.2 + (TRENDS[k] ?? 0),
      se: sd / 20,
      history: 0.2,
      net_gain: gain[k] ?? 0,
      variance: (sd / 16) ** 2,
      credibility: 0.8,
      credible_gain: credible[k] ?? 0,
      credible_variance: 0.8 * (sd / 16) ** 2,
    })),
    value_eur_per_patient_year: value,
    value_sd: sd,
    dead_band_eur: 5,
    shared_eur_per_patient_year: banded * (banded > 0 ? 0.5 : 0.25),
    reason: small ? 'panel_too_small' : payment === 0 ? 'within_dead_band' : null,
    gates: [
      { gate: 'min_measured_share', passed: true, weight: 1, evidence: '0.84' },
      { gate: 'benchmark_participation', passed, weight: 0.25, evidence: passed ? 'true' : null },
    ],
    gate_multiplier: passed ? 1 : 0.75,
    payment_cents: payment,
    interval90_cents: small ? [0, 0] : [paidAt(value - 1.645 * sd), paidAt(value + 1.645 * sd)],
    per_procedure_cents: eligible * 14_250,
    bundled_cents: eligible * 11_975,
    insurers: [
      { insurer: '3311', cents: payment - Math.round(payment * 0.6) },
      { insurer: '7095', cents: Math.round(payment * 0.6) },
    ],
    attribution: [
      { kind: 'gp_practice', cents: Math.round(payment * 0.7) },
      { kind: 'diagnostic_centre', cents: payment - Math.round(payment * 0.7) },
    ],
  }
}

export function settlementOf(partners: readonly PartnerStatement[]): Settlement {
  const sum = (value: (partner: PartnerStatement) => number): number =>
    partners.reduce((total, p) => total + value(p), 0)
  return {
    settlement_id: '5f0c9a3b7e1d4c2f8a6b0d9e3c7f1a5b2d4e6f8091a2b3c4d5e6f70819a2b3c4',
    contract: 'zz-dm2-2025',
    as_of: '2026-03-01',
    engine_version: '0.2.0',
    dataset_sha256: '0d9e3c7f1a5b2d4e6f8091a2b3c4d5e6f70819a2b3c45f0c9a3b7e1d4c2f8a6b',
    contract_sha256: 'a2b3c45f0c9a3b7e1d4c2f8a6b0d9e3c7f1a5b2d4e6f8091a2b3c4d5e6f70819',
    model_ids: { hba1c: '7e1d4c2f8a6b0d9e', sbp: '91a2b3c4d5e6f708' },
    totals: {
      payment_cents: sum((p) => p.payment_cents),
      per_procedure_cents: sum((p) => p.per_procedure_cents),
      bundled_cents: sum((p) => p.bundled_cents),
    },
    outcomes: ['hba1c', 'sbp'].map((measure, k) => ({
      measure,
      better: 'lower',
      trend: TRENDS[k] ?? 0,
      trend_se: 0.14,
      tau2: 0.35,
      omega2: 0.02,
      kappa2: 0.01,
      placebo_years: 3,
      collective_mean: COLLECTIVE,
      between_variance: 0.61,
      residual_sd: 6.8,
    })),
    partners: [...partners],
    excluded: [
      { reason: 'not_main_practitioner', patients: 41 },
      { reason: 'no_baseline', patients: 63 },
      { reason: 'died', patients: 7 },
      { reason: 'left', patients: 12 },
    ],
  }
}

export const partners: readonly PartnerStatement[] = [
  partnerOf('p01', 412, [1.9, 0.8]),
  partnerOf('p02', 268, [-1.4, -0.7]),
  partnerOf('p03', 655, [0.9, 1.1], false),
  partnerOf('p04', 139, [0.3, 0.2]),
  partnerOf('p05', 301, [3.1, 1.4]),
  partnerOf('p06', 17, [2.2, 5.7]),
  partnerOf('p07', 8, [-4.1, 0.9]),
  partnerOf('p08', 88, [0.7, -0.2]),
]

const score = (rows: number, expected: number, bias: number) => ({
  rows,
  mae: 4.812,
  cover90: 0.903,
  expected,
  realised: expected + bias,
  bias,
})

export const cards: readonly ReportCard[] = ['hba1c', 'sbp'].map((measure, k) => ({
  spec: { measure },
  landmarks: 31_204,
  patients: 4012,
  families: [
    { name: 'floor', weight: 0 },
    { name: 'ridge', weight: 0.72 },
    { name: 'boosting', weight: 0.28 },
  ],
  blend: score(31_204, 55, 0.02),
  groups: [
    ...[0.3, -0.2, 0.5, -0.4, 0.1, 0.2, -0.5, 0.4, -0.1, 0.6].map((bias, i) => ({
      group: `prediction ${i + 1}/10`,
      ...score(3120, (k === 0 ? 42 : 122) + i * (k === 0 ? 3.4 : 4.1), bias),
    })),
    { group: 'female', ...score(15_904, 55, -0.03) },
    { group: 'male', ...score(15_300, 55, 0.04) },
    { group: 'age below 50', ...score(6, 55, 9.87) },
  ],
}))

export const input: ReportInput = {
  settlement: settlementOf(partners),
  contract,
  programme,
  cards,
  partnerNames: {
    p01: 'Huisartsenpraktijk De Linde',
    p02: 'Gezondheidscentrum Westerhoek',
    p03: 'Zorggroep Heuvelland & Maas',
    p04: '<script>alert("p04")</script>',
    p05: 'Praktijk Van den Berg-O’Neill',
    p06: 'Huisarts Kleinedorp',
    p07: 'Huisarts Achterveld',
    p08: 'Medisch Centrum Oost',
  },
}
