/** Examples of what is sent: of parameters by name, of bodies by operation. */

const ID = '3f79bb7b435b05321651daefd374cdc681dc06faa65e374e38337b88ca046dea'

export const PARAMETERS: Readonly<Record<string, unknown>> = {
  settlement: ID.slice(0, 8),
  key: '0123456789abcdef',
  model: ID,
  preview: ID,
  question: ID,
  job: ID,
  run: ID,
  contract: 'dm2-2025',
  partner: 'p01',
  practice: 'p01',
  patient: 's0000026',
  programme: 'dm2',
  measure: 'hba1c',
  dispute: 1,
  delivery: 1,
  act: 'review',
  from: ID,
  as_of: '2026-01-01',
  delivered: '2026-01-01',
  delivered_on: '2026-01-01',
  posted_on: '2026-03-31',
  'idempotency-key': 'a1f0c4a2-6a53-4a1e-9f8e-2b7f0c2f6d11',
  'last-event-id': 'running.train.1',
}

/** Bodies in JSON, by the name of the operation. */
export const BODIES: Readonly<Record<string, unknown>> = {
  postKeys: { role: 'partner', subject: 'p01' },
  postContracts: {
    contract: 'dm2-2025',
    title: 'Gezondheidswinst DM2 2025',
    programme: 'dm2',
    period: { start: '2025-01-01', end: '2025-12-31' },
    reference: { start: '2021-01-01', end: '2024-12-31' },
    outcomes: [{ measure: 'hba1c', price_eur: 12.5, horizon_days: 365, window_days: 120, baseline_days: 450 }],
    share: { gain: 0.5, loss: 0 },
  },
  postQuestions: {
    contract: 'dm2-2025',
    title: 'HbA1c by age',
    hypothesis: 'People over 70 gain less than was to be expected.',
    outcome: 'mean gain of hba1c',
    groups: 'bands of ten years',
    analysis: 'Difference of means with its interval; none is no support.',
    by: ['age_band'],
  },
  requestRun: { as_of: '2026-01-01' },
  postSettlementAct: { note: 'looked at with the care group' },
  postSettlementDisputePreviews: { kind: 'not_our_patient', partner_id: 'p01', patient_id: 's0000026' },
  postDisputePreviewFile: { evidence: 'The patient moved to another practice in 2024.' },
  postDisputeRuling: { verdict: 'upheld', reason: 'The practice showed that it deregistered the patient.' },
  postSettlementDifferences: { from: ID },
  postModelDecisions: { state: 'payable', reason: 'Looked at the card: every check holds.' },
}
