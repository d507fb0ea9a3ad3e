/** What a contract agrees on where it says nothing (interface.md 3). */
import type { Contract, Outcome } from './contract.ts'

/** The clauses that a contract may leave out. */
export const DEFAULT_CLAUSES = {
  insurers: null,
  partners: null,
  control: [],
  missing: 'doubly_robust',
  pessimisticShiftSd: 0,
  history: 'own',
  levelWeight: 1,
  trend: 'none',
  credibility: 'estimated',
  deadBand: { eur: 0, z: 0 },
  minPatients: 30,
  corridorEur: { floor: null, cap: null },
  gates: [],
  budgetEur: null,
  bundled: null,
  attribution: [],
} as const satisfies Partial<Contract>

/** What an outcome may leave out. */
export const DEFAULT_BOUNDS = { countedRange: null, target: null } as const satisfies Partial<Outcome>
