/** Contracts for tests of the engine: the defaults of the interface, and what a test wants otherwise. */
import type { Contract, Outcome } from '../../../engine/contract/contract.ts'

export const outcomeWith = (clauses: Partial<Outcome> = {}): Outcome => ({
  measure: 'hba1c',
  priceEur: 10,
  countedRange: null,
  target: null,
  horizonDays: 365,
  windowDays: 120,
  baselineDays: 450,
  ...clauses,
})

/** The interface's defaults, but for a share of all gains and losses and no minimum of patients. */
export const contractWith = (clauses: Partial<Contract> = {}): Contract => ({
  contract: 'zz-dm2-2025',
  title: 'Gezondheidswinst DM2 2025',
  programme: 'dm2',
  insurers: null,
  partners: null,
  period: { start: '2025-01-01', end: '2025-12-31' },
  reference: { start: '2021-01-01', end: '2024-12-31', partners: null },
  control: [],
  outcomes: [outcomeWith()],
  missing: 'doubly_robust',
  pessimisticShiftSd: 0,
  history: 'own',
  levelWeight: 1,
  trend: 'none',
  credibility: 'estimated',
  share: { gain: 1, loss: 1 },
  deadBand: { eur: 0, z: 0 },
  minPatients: 0,
  corridorEur: { floor: null, cap: null },
  gates: [],
  budgetEur: null,
  bundled: null,
  attribution: [],
  ...clauses,
})
