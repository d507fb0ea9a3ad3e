/** The input of every reader of a resource, and the drafts that it returns. */
import type { Codes } from '../../vocabulary/codes.ts'
import type { Drafts } from '../mapping/drafts.ts'
import type { Origin } from '../../files/origins.ts'
import type { Tally } from '../mapping/tally.ts'
import type { Directory } from './directory.ts'
import type { Element } from './elements.ts'
import type { Key, References } from './references.ts'

export interface Reading {
  readonly codes: Codes
  readonly tally: Tally
  readonly references: References
  readonly directory: Directory
  readonly drafts: Drafts<FhirDrafts>
  /** an id as the region has it: that of its first server as it stands, that of any other with its server */
  readonly ofServer: (id: string, server: string) => string
}

/** One resource, where it stands and what it is found by. */
export interface Held {
  readonly resource: Element
  readonly type: string
  readonly server: string
  /** what is contained in it is found under this */
  readonly key: Key
  readonly keys: readonly Key[]
  readonly origin: Origin
}

/** The fate of a resource; null if it is decided later. */
export type Fate = string | null
export type Reader = (held: Held, reading: Reading) => Fate

interface OfPatient {
  readonly patient: Key
  readonly origin: Origin
}

export interface ObservationDraft extends OfPatient {
  readonly measure: string
  readonly on: string
  readonly value: string
  readonly unit: string
  readonly partner: readonly Key[]
}

export interface EnrolmentDraft extends OfPatient {
  readonly type: string
  readonly programmes: readonly string[]
  readonly diagnoses: readonly Key[]
  readonly partner: readonly Key[]
  readonly since: string
  readonly until: string
  readonly endReason: string
  readonly mainPractitioner: string
  /** why it is no open enrolment although it has no end; blank: it has one, or goes on */
  readonly endless: string
  /** of an own export, which states every enrolment */
  readonly own: boolean
}

export interface ClaimDraft extends OfPatient {
  readonly type: string
  readonly id: string
  readonly keys: readonly Key[]
  /** the Claim that an ExplanationOfBenefit answers */
  readonly answers: Key
  readonly partner: readonly Key[]
  readonly setting: string
  readonly items: readonly {
    readonly id: string
    readonly code: string
    readonly on: string
    readonly quantity: string
    readonly euros: string
  }[]
}

export type FhirDrafts = {
  observation: ObservationDraft
  condition: OfPatient & {
    readonly system: string
    readonly code: string
    readonly onset: string
    readonly resolved: string
  }
  medication: OfPatient & {
    readonly atc: string
    readonly medicine: Key
    readonly type: string
    readonly since: string
    readonly until: string
  }
  contact: { readonly patient: Key; readonly on: string; readonly partner: readonly Key[]; readonly origin: Origin }
  episode: EnrolmentDraft
  plan: EnrolmentDraft
  claim: ClaimDraft
  coverage: {
    readonly patient: Key
    readonly payer: Key
    readonly uzovi: string
    readonly rank: string
    readonly type: string
  }
}
