/** The context of an import: what rows may refer to, and what is counted across files. */
import { createHmac } from 'node:crypto'
import type { Day } from '../../../engine/kernel/calendar.ts'
import type { Measure } from '../../../engine/contract/programme.ts'
import type { Codes } from '../../vocabulary/codes.ts'
import type { DatedRows } from './dated-rows.ts'
import type { Lifetimes } from './lifetimes.ts'
import type { Suspicions } from '../../profile/suspicions.ts'
import type { BsnDetector } from '../../files/bsn.ts'
import type { UnitUsage } from './unit-usage.ts'
import { ByteDictionary } from '../../columns/byte-dictionary.ts'

export interface ImportContext {
  readonly patients: Patients
  readonly partners: Set<string>
  readonly programmes: ReadonlySet<string>
  readonly measures: ReadonlyMap<string, StoredMeasure>
  /** codes and units that the measures do not name themselves */
  readonly codes: Codes
  readonly lifetimes: Lifetimes
  /** patients and partners whose own rows were rejected: where those stand. A patient by the id that the store may know */
  readonly lost: {
    readonly patients: Map<string, string>
    readonly partners: Map<string, string>
    /** patients of whom an enrolment was rejected */
    readonly unplaced: Map<string, string>
    /** why, by where the row stands */
    readonly reasons: Map<string, string>
  }
  readonly bsn: BsnDetector
  readonly suspicions: Suspicions
  readonly unitUsage: UnitUsage
  /** given with --delivered: later dates are in the future */
  readonly delivered: Day | null
  readonly datedRows: DatedRows
}

export interface StoredMeasure {
  readonly id: number
  readonly measure: Measure
}

/** Patients of the region by the id that the files use. With a key, that id itself is never kept: only its pseudonym is. */
export class Patients {
  private readonly keys = new ByteDictionary()

  constructor(private readonly pseudonymKey: string | null) {}

  get pseudonymous(): boolean {
    return this.pseudonymKey !== null
  }

  /** The id that the store may know: the file's own, or its HMAC-SHA256 in hexadecimal. */
  storedId(id: string): string {
    return this.pseudonymKey === null ? id : createHmac('sha256', this.pseudonymKey).update(id).digest('hex')
  }

  /** Our key of the patient, by the file's id; -1 if the region has no such patient. */
  keyOf(id: string): number {
    const stored = Buffer.from(this.storedId(id))
    return this.keys.get(stored, 0, stored.length)
  }

  /** The same by the id that the store knows. */
  keyOfStored(stored: string): number {
    const id = Buffer.from(stored)
    return this.keys.get(id, 0, id.length)
  }

  /** The same by the id's bytes in a file, where that is how the patient is stored. */
  keyAt(bytes: Uint8Array, from: number, to: number): number {
    return this.keys.get(bytes, from, to)
  }

  /** Takes a patient, by the id that the store knows. */
  know(stored: string, key: number): void {
    const id = Buffer.from(stored)
    if (this.keys.get(id, 0, id.length) < 0) this.keys.set(id, 0, id.length, key)
  }
}
