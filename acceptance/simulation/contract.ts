/** The contract that simulated regions sign: all gains and losses shared, three years before it counting. */
import type { Contract, Outcome } from '../../engine/contract/contract.ts'

export const OUTCOME: Outcome = {
  measure: 'hba1c',
  priceEur: 10,
  countedRange: null,
  target: null,
  horizonDays: 365,
  windowDays: 120,
  baselineDays: 450,
}

/** The interface's defaults but for: all of a gain and of a loss is shared, and controls tell the trend. */
export const contractWith = (clauses: Partial<Contract> = {}): Contract => ({
  contract: 'simulated-2025',
  title: 'A simulated region',
  programme: 'dm2',
  insurers: null,
  partners: null,
  period: { start: '2025-01-01', end: '2025-12-31' },
  reference: { start: '2021-01-01', end: '2024-12-31', partners: null },
  control: ['controls'],
  outcomes: [OUTCOME],
  missing: 'doubly_robust',
  pessimisticShiftSd: 0,
  history: 'own',
  levelWeight: 1,
  trend: 'control',
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

/** The dead band at which chance pays one partner in twenty. */
export const Z = 1.645
