/** The clauses of a contract, as the bundle holds them: every default filled in. */
import { createHash } from 'node:crypto'

export interface Outcome {
  readonly measure: string
  readonly priceEur: number
  /** the price in QALY: priceEur = qalyEur * rate, and what it may be off */
  readonly exchange?: { readonly qalyEur: number; readonly rate: number; readonly priceSe: number }
  readonly countedRange: readonly [number, number] | null
  readonly target: readonly [number, number] | null
  readonly horizonDays: number
  readonly windowDays: number
  readonly baselineDays: number
}

export interface Gate {
  readonly gate: string
  readonly weight: number
  readonly rule: { readonly equals?: string; readonly atLeast?: number; readonly atMost?: number }
}

export interface Contract {
  readonly contract: string
  readonly programme: string
  readonly insurers: readonly string[] | null
  readonly partners: readonly string[] | null
  /** of whole years, of which the period is one; absent: the period alone */
  readonly term?: { readonly start: string; readonly end: string } | null
  /** `enrolment`: every enrolment that starts in the inclusion window is an episode */
  readonly index?: string
  readonly inclusion?: { readonly start: string; readonly end: string } | null
  readonly excessMissing?: 'none' | 'deduct'
  readonly period: { readonly start: string; readonly end: string }
  readonly reference: { readonly start: string; readonly end: string; readonly partners: readonly string[] | null }
  readonly control: readonly string[]
  readonly outcomes: readonly Outcome[]
  readonly missing: 'exclude' | 'zero' | 'doubly_robust'
  readonly pessimisticShiftSd: number
  readonly history: 'none' | 'own'
  readonly levelWeight: number
  readonly trend: 'none' | 'control'
  readonly credibility: 'none' | 'estimated' | { readonly betweenSd: Readonly<Record<string, number>> }
  readonly share: { readonly gain: number; readonly loss: number }
  readonly deadBand: { readonly eur: number; readonly z: number }
  readonly minPatients: number
  readonly corridorEur: { readonly floor: number | null; readonly cap: number | null }
  readonly gates: readonly Gate[]
  readonly budgetEur: number | null
  readonly bundled: {
    readonly components: readonly {
      readonly prevalence: number
      readonly minutes: number
      readonly hourlyEur: number
      readonly times?: number
      readonly materialEur?: number
    }[]
    readonly advanceShare: number
    readonly overhead?: number
  } | null
  readonly attribution: readonly { readonly kind: string; readonly share: number }[]
}

/** JSON with sorted keys and no spaces: the text that a contract's hash and a settlement's id are taken over. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const keys = Object.keys(value).sort((a, b) => (a < b ? -1 : 1))
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical((value as Record<string, unknown>)[key])}`).join(',')}}`
}

export const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex')
