/** The contract that simulated regions sign: all gains and losses shared, three years before it counting. */
import type { Contract, Outcome } from '../../engine/contract/contract.ts'
import { DEFAULT_BOUNDS, DEFAULT_CLAUSES } from '../../engine/contract/defaults.ts'

export const OUTCOME: Outcome = {
  ...DEFAULT_BOUNDS,
  measure: 'hba1c',
  priceEur: 10,
  horizonDays: 365,
  windowDays: 120,
  baselineDays: 450,
}

/** The interface's defaults, but gains and losses are shared in full, and the trend is estimated from controls. */
export const contractWith = (clauses: Partial<Contract> = {}): Contract => ({
  ...DEFAULT_CLAUSES,
  contract: 'simulated-2025',
  title: 'A simulated region',
  programme: 'dm2',
  period: { start: '2025-01-01', end: '2025-12-31' },
  reference: { start: '2021-01-01', end: '2024-12-31', partners: null },
  control: ['controls'],
  outcomes: [OUTCOME],
  trend: 'control',
  share: { gain: 1, loss: 1 },
  minPatients: 0,
  ...clauses,
})

/** The dead band at which chance pays one partner in twenty. */
export const Z = 1.645
