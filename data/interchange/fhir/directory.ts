/** The patients and organisations of a source, and the references that resolve to them. */
import type { Coding } from '../../vocabulary/codes.ts'
import type { Origin } from '../../files/origins.ts'
import type { Key } from './references.ts'

export interface Person {
  readonly id: string
  readonly birthYear: string
  /** the birth date as stated */
  readonly born: string
  readonly identifiers: readonly { readonly system: string; readonly value: string }[]
  readonly sex: string
  readonly postcode4: string
  readonly diedOn: string
  readonly practice: readonly Key[]
  readonly origin: Origin
}

export interface Organisation {
  readonly id: string
  readonly name: string
  readonly server: string
  readonly agb: string
  readonly types: readonly string[]
  readonly memberOf: Key
  readonly payer: boolean
  readonly uzovi: string
  readonly origin: Origin
}

/** A medicine that others refer to: its ATC code, or the codes that have none. */
export interface Medicine {
  readonly atc: string
  readonly codings: readonly Coding[]
  readonly words: string
}

const mostSteps = 6 // a contact leads to a location, that to a department, that to a hospital

export class Directory {
  readonly people = new Map<string, Person>()
  readonly organisations = new Map<string, Organisation>()
  /** organisations that only a reference names, with the name that it shows */
  readonly mentioned = new Map<string, { readonly name: string; readonly origin: Origin }>()
  readonly insurers = new Set<Key>()
  private readonly patientKeys = new Map<Key, string>()
  private readonly replacedBy = new Map<Key, Key>()
  /** patients who have no row for want of something, and why */
  readonly lost: { readonly id: string; readonly why: string; readonly origin: Origin }[] = []
  private readonly organisationKeys = new Map<Key, string>()
  private readonly leads = new Map<Key, readonly Key[]>()
  private readonly programmes = new Map<Key, readonly string[]>()
  private readonly medicines = new Map<Key, Medicine>()

  /** @param strangerOf the id of whom or what the source refers to and does not hold */
  constructor(private readonly strangerOf: (key: Key) => string) {}

  addPatient(keys: readonly Key[], person: Person): void {
    for (const key of keys) {
      const known = this.patientKeys.get(key)
      // what names two persons names nobody
      this.patientKeys.set(key, known !== undefined && known !== person.id ? '' : person.id)
    }
    this.people.set(person.id, person)
  }

  /** A patient record that another one replaces: its data count for that one. */
  replacePatient(keys: readonly Key[], by: Key): void {
    for (const key of keys) if (key !== by) this.replacedBy.set(key, by)
  }

  /** The person that one of the keys finds by an identifier, in whatever system it is. */
  sameByIdentifier(keys: readonly Key[]): Person | undefined {
    for (const key of keys) {
      if (!/^Patient\?[^|]+\|/.test(key)) continue
      const found = this.people.get(this.patientKeys.get(key) ?? '')
      if (found) return found
    }
    return undefined
  }

  /** Takes out the persons whom another replaces. @returns how many there were */
  mergeReplaced(): number {
    let merged = 0
    for (const key of this.replacedBy.keys()) {
      const id = this.patientKeys.get(key)
      const other = this.patientOf(key)
      if (id !== undefined && id !== other && this.people.has(other) && this.people.delete(id)) merged++
    }
    return merged
  }

  addOrganisation(keys: readonly Key[], organisation: Organisation): void {
    for (const key of keys) this.organisationKeys.set(key, organisation.id)
    this.organisations.set(organisation.id, organisation)
  }

  /** Registers a resource that refers to an organisation: a role, a location, an encounter. */
  addLead(keys: readonly Key[], to: readonly Key[]): void {
    if (to.length === 0) return
    for (const key of keys) this.leads.set(key, [...(this.leads.get(key) ?? []), ...to])
  }

  addDiagnosis(keys: readonly Key[], programmes: readonly string[]): void {
    if (programmes.length > 0) for (const key of keys) this.programmes.set(key, programmes)
  }

  addMedicine(keys: readonly Key[], medicine: Medicine): void {
    for (const key of keys) this.medicines.set(key, medicine)
  }

  programmesOf = (key: Key): readonly string[] => this.programmes.get(key) ?? []
  medicineAt = (key: Key): Medicine | undefined => this.medicines.get(key)

  /** The id of a patient; of one that the source does not hold, what the reference shows. */
  patientOf(key: Key): string {
    let at = key
    for (let steps = mostSteps; steps > 0 && this.replacedBy.has(at); steps--) at = this.replacedBy.get(at) ?? at
    return this.patientKeys.get(at) ?? this.patientKeys.get(key) ?? this.strangerOf(at)
  }

  organisationAt(key: Key): Organisation | undefined {
    const id = this.organisationKeys.get(key)
    return id === undefined ? undefined : this.organisations.get(id)
  }

  /** The partner that any of the keys leads to, the first first; blank if none does. An organisation that the source
   *  mentions but does not hold becomes a partner by name. */
  partnerOf(keys: readonly Key[], origin: Origin): string {
    for (const key of keys) {
      const found = this.follow(key, mostSteps)
      if (found !== '') return found
    }
    const mentioned = keys.find((key) => /^Organization[/?]/.test(key))
    if (mentioned === undefined) return ''
    const id = this.strangerOf(mentioned)
    if (!this.mentioned.has(id)) this.mentioned.set(id, { name: id, origin })
    return id
  }

  private follow(key: Key, steps: number): string {
    const organisation = this.organisationAt(key)
    if (organisation) return this.isInsurer(organisation, key) ? '' : organisation.id
    if (steps === 0) return ''
    for (const next of this.leads.get(key) ?? []) {
      const found = this.follow(next, steps - 1)
      if (found !== '') return found
    }
    return ''
  }

  isInsurer(organisation: Organisation, key: Key): boolean {
    return organisation.payer || this.insurers.has(key)
  }
}
