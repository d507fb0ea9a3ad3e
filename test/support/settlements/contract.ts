/** Contracts for tests: the defaults of the interface, and what a test wants otherwise. */
import type { Contract, Outcome } from '../../../engine/contract/contract.ts'
import { DEFAULT_BOUNDS, DEFAULT_CLAUSES } from '../../../engine/contract/defaults.ts'

export const outcomeWith = (clauses: Partial<Outcome> = {}): Outcome => ({
  ...DEFAULT_BOUNDS,
  measure: 'hba1c',
  priceEur: 10,
  horizonDays: 365,
  windowDays: 120,
  baselineDays: 450,
  ...clauses,
})

/** Of 2025, with all gains and losses shared and no minimum of patients. */
export const contractWith = (clauses: Partial<Contract> = {}): Contract => ({
  ...DEFAULT_CLAUSES,
  contract: 'zz-dm2-2025',
  title: 'Gezondheidswinst DM2 2025',
  programme: 'dm2',
  period: { start: '2025-01-01', end: '2025-12-31' },
  reference: { start: '2021-01-01', end: '2024-12-31', partners: null },
  outcomes: [outcomeWith()],
  share: { gain: 1, loss: 1 },
  minPatients: 0,
  ...clauses,
})
