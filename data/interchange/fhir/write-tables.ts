/** Resolves references once every resource is read, and writes the rows of the tables. */
import { isDay } from '../../../engine/kernel/calendar.ts'
import { Enrolments } from '../mapping/enrolments.ts'
import type { Derived } from '../mapping/enrolments.ts'
import type { Tables } from '../mapping/tables.ts'
import { KEPT } from '../mapping/tally.ts'
import type { EnrolmentDraft, Reading } from './reading.ts'
import { whyNoPatient } from './references.ts'
import type { Key } from './references.ts'

/** @returns the enrolments that were derived */
export async function writeTables(reading: Reading, tables: Tables): Promise<Derived[]> {
  const enrolments = new Enrolments()
  await writePatients(reading, tables, enrolments)
  await writeConditions(reading, tables, enrolments)
  const unplaced = await stateEpisodes(reading, enrolments)
  await takeContacts(reading, enrolments)
  placeEpisodes(unplaced, reading, enrolments)
  await writeObservations(reading, tables, enrolments)
  await writeMedications(reading, tables, enrolments)
  await writeClaims(reading, tables)
  const { people } = reading.directory
  const derived = await enrolments.write(tables, (patient) => {
    const person = people.get(patient)
    return person ? reading.directory.partnerOf(person.practice, person.origin) : ''
  })
  await writePartners(reading, tables)
  return derived
}

async function writePatients(
  { directory, drafts, tally }: Reading,
  tables: Tables,
  enrolments: Enrolments,
): Promise<void> {
  const insurers = new Map<string, { rank: string; uzovi: string }>()
  for await (const { patient, payer, uzovi: stated, rank, type } of drafts.all('coverage')) {
    const id = directory.patientOf(patient)
    const uzovi = [stated, directory.organisationAt(payer)?.uzovi ?? ''].find((each) => /^\d{4}$/.test(each)) ?? ''
    tally.add(type, uzovi === '' ? 'without an insurer number' : KEPT)
    if (uzovi !== '' && rank >= (insurers.get(id)?.rank ?? '')) insurers.set(id, { rank, uzovi })
  }
  tally.note('patients merged into those who replace them', directory.mergeReplaced())
  for (const person of directory.people.values()) {
    if (person.diedOn !== '') enrolments.died(person.id, person.diedOn)
    tables.add(
      'patients.csv',
      {
        patient_id: person.id,
        birth_year: person.birthYear,
        sex: person.sex,
        postcode4: person.postcode4,
        insurer: insurers.get(person.id)?.uzovi ?? '',
        died_on: person.diedOn,
      },
      person.origin,
    )
    await tables.breathe()
  }
}

async function writeConditions(
  { codes, directory, drafts }: Reading,
  tables: Tables,
  enrolments: Enrolments,
): Promise<void> {
  for await (const { patient, origin, system, code, onset, resolved } of drafts.all('condition')) {
    const id = directory.patientOf(patient)
    if (isDay(onset))
      for (const programme of codes.programmesOf(system, code)) enrolments.diagnosis(id, programme, onset, origin)
    tables.add(
      'conditions.csv',
      { patient_id: id, code_system: system, code, onset_on: onset, resolved_on: resolved },
      origin,
    )
    await tables.breathe()
  }
}

interface Unplaced {
  readonly draft: EnrolmentDraft
  readonly patient: string
  readonly programmes: readonly string[]
}

/** States the enrolments of episodes and plans. @returns those whose organisation must be derived from contacts */
async function stateEpisodes(reading: Reading, enrolments: Enrolments): Promise<Unplaced[]> {
  const { codes, directory, drafts, tally } = reading
  const unplaced: Unplaced[] = []
  const stated = new Set<string>()
  for (const kind of ['episode', 'plan'] as const)
    for await (const draft of drafts.all(kind)) {
      if (draft.own) enrolments.areAllTold()
      const patient = directory.patientOf(draft.patient)
      const all = [...draft.programmes, ...draft.diagnoses.flatMap(directory.programmesOf)]
      const programmes = [...new Set(all)].filter((each) => kind === 'episode' || !stated.has(`${patient} ${each}`))
      const unknown = draft.programmes.filter((each) => !codes.programmes.has(each))
      if (kind === 'episode') for (const each of programmes) stated.add(`${patient} ${each}`)
      if (draft.endless !== '') for (const each of programmes) enrolments.keeps(each)
      const fate = fateOf(draft, all, programmes, unknown)
      if (fate !== '') {
        tally.add(draft.type, fate)
        continue
      }
      const partner = directory.partnerOf(draft.partner, draft.origin)
      if (partner === '') {
        enrolments.expect(patient)
        unplaced.push({ draft, patient, programmes })
      } else state(draft, patient, programmes, partner, reading, enrolments)
    }
  return unplaced
}

function fateOf(
  draft: EnrolmentDraft,
  all: readonly string[],
  programmes: readonly string[],
  unknown: readonly string[],
): string {
  const stranger = whyNoPatient(draft.patient)
  if (stranger !== '') return stranger
  if (all.length === 0) return 'for no programme'
  if (programmes.length === 0) return 'an episode of care tells it'
  if (draft.endless !== '') return draft.endless
  if (draft.since === '') return 'without a start'
  return unknown.length > 0 ? 'for an unknown programme' : ''
}

function state(
  draft: EnrolmentDraft,
  patient: string,
  programmes: readonly string[],
  partner: string,
  { tally }: Reading,
  enrolments: Enrolments,
): void {
  const { since, until, endReason, mainPractitioner, origin, type } = draft
  // a plan for a diagnosis is one patient's; an episode of care, or a plan that names its programme, is how the source enrols
  const knows = type !== 'CarePlan' || draft.programmes.length > 0
  for (const programme of programmes)
    enrolments.state(patient, { programme, partner, since, until, endReason, mainPractitioner, origin }, knows)
  tally.add(type, KEPT)
}

async function takeContacts({ directory, drafts }: Reading, enrolments: Enrolments): Promise<void> {
  for await (const { patient, on, partner, origin } of drafts.all('contact')) {
    const id = directory.patientOf(patient)
    if (enrolments.isOfInterest(id) && isDay(on)) enrolments.contact(id, on, directory.partnerOf(partner, origin))
  }
}

/** An episode that names no organisation is where the patient was seen most in the year before it. */
function placeEpisodes(unplaced: readonly Unplaced[], reading: Reading, enrolments: Enrolments): void {
  const { directory, tally } = reading
  for (const { draft, patient, programmes } of unplaced) {
    const practice = directory.people.get(patient)?.practice ?? []
    const partner = isDay(draft.since)
      ? enrolments.organisationOf(patient, draft.since, directory.partnerOf(practice, draft.origin))
      : ''
    if (partner === '') tally.add(draft.type, 'without an organisation')
    else {
      state(draft, patient, programmes, partner, reading, enrolments)
      tally.note('episodes of care placed by contacts, as they name no organisation')
    }
  }
}

async function writeObservations(
  { directory, drafts }: Reading,
  tables: Tables,
  enrolments: Enrolments,
): Promise<void> {
  for await (const { patient, origin, measure, on, value, unit, partner } of drafts.all('observation')) {
    const id = directory.patientOf(patient)
    if (enrolments.isOfInterest(id) && isDay(on)) enrolments.contact(id, on, '')
    tables.add(
      'observations.csv',
      { patient_id: id, measure, observed_on: on, value, unit, partner_id: directory.partnerOf(partner, origin) },
      origin,
    )
    await tables.breathe()
  }
}

async function writeMedications(
  { directory, drafts, tally }: Reading,
  tables: Tables,
  enrolments: Enrolments,
): Promise<void> {
  for await (const { patient, origin, atc: stated, medicine, type, since, until } of drafts.all('medication')) {
    const found = directory.medicineAt(medicine)
    const atc = stated || (found?.atc ?? '')
    if (stated === '') tally.add(type, atc === '' ? 'code not mapped' : KEPT)
    if (atc === '') {
      tally.unmapped('medicine', found?.codings ?? [], found?.words ?? 'a Medication that the source does not hold')
      continue
    }
    const id = directory.patientOf(patient)
    if (enrolments.isOfInterest(id) && isDay(since)) enrolments.contact(id, since, '')
    tables.add('medications.csv', { patient_id: id, atc, started_on: since, ended_on: until }, origin)
    await tables.breathe()
  }
}

/** A claim and the explanation of its benefit are one act: the claim is kept. */
async function writeClaims({ directory, drafts, tally }: Reading, tables: Tables): Promise<void> {
  const kept = new Set<Key>()
  for await (const { type, keys } of drafts.all('claim')) if (type === 'Claim') for (const key of keys) kept.add(key)
  for await (const { patient, origin, type, answers, partner, setting, items } of drafts.all('claim')) {
    const at = directory.partnerOf(partner, origin)
    const fate = kept.has(answers) ? 'its claim is kept' : at === '' ? 'without an organisation' : KEPT
    tally.add(type, fate)
    if (fate !== KEPT) continue
    for (const { id: claim_id, code, on, quantity, euros } of items)
      tables.add(
        'claims.csv',
        {
          claim_id,
          patient_id: directory.patientOf(patient),
          partner_id: at,
          performed_on: on,
          code,
          quantity,
          amount_eur: euros,
          setting,
        },
        origin,
      )
    await tables.breathe()
  }
}

async function writePartners({ codes, directory, tally }: Reading, tables: Tables): Promise<void> {
  const payers = new Set([...directory.insurers].map((key) => directory.organisationAt(key)?.id))
  for (const organisation of directory.organisations.values()) {
    const { id, name, agb, types, memberOf, origin } = organisation
    const contained = origin.where.includes('#')
    if (organisation.payer || payers.has(id)) {
      if (!contained) tally.add('Organization', 'an insurer, not a partner')
      continue
    }
    const { kind, assumed } = codes.kindOf(types, agb, name)
    if (assumed) tally.note('kinds of partner assumed from the name')
    if (!contained) tally.add('Organization', KEPT)
    const group = memberOf === '' ? '' : directory.partnerOf([memberOf], origin)
    tables.add('partners.csv', { partner_id: id, name, kind, agb, member_of: group }, origin)
    await tables.breathe()
  }
  for (const [id, { name, origin }] of directory.mentioned) {
    if (directory.organisations.has(id)) continue
    tally.note('partners that the source mentions but does not hold')
    tables.add('partners.csv', { partner_id: id, name, kind: codes.kindOf([], '', name).kind }, origin)
  }
}
