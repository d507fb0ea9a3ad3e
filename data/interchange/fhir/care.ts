/** Condition, Encounter, EpisodeOfCare, CarePlan, Procedure and the medicines. */
import { OUR_EXPORT } from '../mapping/own-export.ts'
import { KEPT } from '../mapping/tally.ts'
import type { Medicine } from './directory.ts'
import {
  codingsOf,
  completed,
  dayIn,
  endOf,
  extensionOf,
  first,
  many,
  startOf,
  text,
  wordsOf,
  isVoid,
} from './elements.ts'
import type { Element } from './elements.ts'
import type { EnrolmentDraft, Held, Reader, Reading } from './reading.ts'
import { whyNoPatient } from './references.ts'

const CONTACT = 'used as a contact'
const NO_DATE = 'without a date'

export const readCondition: Reader = (
  { resource, key, keys, origin },
  { codes, tally, references, directory, drafts },
) => {
  const verified = text(first(first(resource.verificationStatus).coding).code) || text(resource.verificationStatus)
  // what is not confirmed enrols nobody: one choice for all that HL7 has beside it; a diagnosis without a status is taken as confirmed
  if (verified !== '' && verified !== 'confirmed') return `verification ${verified}`
  const codings = codingsOf(resource.code).map((coding) => ({ ...coding, system: codes.systemOf(coding.system) }))
  const known = codings.filter(({ system }) => codes.isDiagnosisSystem(system))
  const chosen = known.find(({ system, code }) => codes.programmesOf(system, code).length > 0) ?? known[0]
  if (!chosen) {
    tally.unmapped('diagnosis', codings, wordsOf(resource.code))
    return 'code not mapped'
  }
  directory.addDiagnosis(keys, codes.programmesOf(chosen.system, chosen.code))
  const patient = references.keyOf(resource.subject ?? resource.patient, key, 'Patient')
  const stranger = whyNoPatient(patient)
  if (stranger !== '') return stranger
  const stated =
    dayIn(resource.onsetDateTime) ||
    startOf(resource.onsetPeriod) ||
    dayIn(resource.recordedDate) ||
    dayIn(resource.assertedDate)
  if (stated === '') return NO_DATE
  const onset = completed(stated, 'first')
  if (onset !== stated) tally.note('months and years completed to a day')
  const resolved = completed(dayIn(resource.abatementDateTime) || endOf(resource.abatementPeriod), 'last')
  drafts.add('condition', { patient, origin, system: chosen.system, code: chosen.code, onset, resolved })
  return KEPT
}

export const readEncounter: Reader = ({ resource, key, keys, origin }, { references, directory, drafts }) => {
  const status = text(resource.status)
  if (isVoid(status) || status === 'cancelled' || status === 'planned') return `status ${status}`
  const partner = [
    ...references.keysIn(resource.serviceProvider, key, 'Organization'),
    ...many(resource.location).flatMap((each) => references.keysIn(each.location, key, 'Location')),
    ...many(resource.participant).flatMap((each) =>
      references.keysIn(each.individual ?? each.actor, key, 'Practitioner'),
    ),
  ]
  directory.addLead(keys, partner)
  const patient = references.keyOf(resource.subject, key, 'Patient')
  const on = startOf(resource.period)
  const stranger = whyNoPatient(patient)
  if (stranger !== '') return stranger
  if (on === '') return NO_DATE
  drafts.add('contact', { patient, on, partner, origin })
  return CONTACT
}

export const readProcedure: Reader = ({ resource, key, origin }, { references, drafts }) => {
  const status = text(resource.status)
  if (isVoid(status) || status === 'not-done') return `status ${status}`
  const patient = references.keyOf(resource.subject, key, 'Patient')
  const on = dayIn(resource.performedDateTime) || startOf(resource.performedPeriod)
  const stranger = whyNoPatient(patient)
  if (stranger !== '') return stranger
  if (on === '') return NO_DATE
  drafts.add('contact', { patient, on, partner: [], origin })
  return CONTACT
}

/** When an episode ended: as its period says; of one that is over, else when its history says that it came to be so. */
function endOfEpisode(resource: Element, status: string): string {
  const stated = completed(endOf(resource.period), 'last')
  if (stated !== '' || !['finished', 'onhold'].includes(status)) return stated
  const since = many(resource.statusHistory).filter((each) => text(each.status) === status)
  return completed(startOf(since.at(-1)?.period), 'first')
}

/** An enrolment says its programme itself, or by the diagnoses that it is for. */
export const readEpisodeOfCare: Reader = (held, reading) => {
  const { resource } = held
  const status = text(resource.status)
  if (isVoid(status) || status === 'planned' || status === 'cancelled' || status === 'waitlist')
    return `status ${status}`
  const until = endOfEpisode(resource, status)
  // that the source keeps enrolments in the programme is known all the same: nothing is derived for it
  const isOver = ['finished', 'onhold'].includes(status) && until === ''
  const partner = ['managingOrganization', 'careManager', 'team']
  const diagnoses = many(resource.diagnosis).flatMap(({ condition }) =>
    reading.references.keysIn(condition, held.key, 'Condition'),
  )
  const draft = enrolmentDraft(held, reading, [resource.type], diagnoses, partner)
  const without = status === 'onhold' ? 'status onhold without an end' : 'finished without an end'
  reading.drafts.add('episode', { ...draft, until, endless: isOver ? without : '' })
  return null
}

export const readCarePlan: Reader = (held, reading) => {
  const { resource } = held
  const status = text(resource.status)
  if (isVoid(status) || status === 'draft') return `status ${status}`
  const partner = ['author', 'custodian', 'contributor', 'careTeam', 'encounter']
  const diagnoses = reading.references.keysIn(resource.addresses, held.key, 'Condition')
  reading.drafts.add('plan', enrolmentDraft(held, reading, [resource.category], diagnoses, partner))
  return null
}

function enrolmentDraft(
  { resource, type, key, origin }: Held,
  { codes, references }: Reading,
  concepts: readonly unknown[],
  diagnoses: readonly string[],
  partner: readonly string[],
): EnrolmentDraft {
  const named = concepts.flatMap(codingsOf).filter(({ system }) => codes.systemOf(system) === 'programme')
  return {
    patient: references.keyOf(resource.patient ?? resource.subject, key, 'Patient'),
    origin,
    type,
    programmes: named.map(({ code }) => code),
    diagnoses,
    partner: partner.flatMap((name) => references.keysIn(resource[name], key, 'Organization')),
    since: completed(startOf(resource.period), 'first'),
    until: completed(endOf(resource.period), 'last'),
    endReason: text(extensionOf(resource, 'gezondheidswinst:end-reason')?.valueCode),
    mainPractitioner: text(extensionOf(resource, 'gezondheidswinst:main-practitioner')?.valueCode),
    own: text(first(resource.meta).source) === OUR_EXPORT,
    endless: '',
  }
}

const ofAtc = (atc: string): Medicine => ({ atc, codings: [], words: '' })

/** A medicine that others refer to. */
export const readMedication: Reader = ({ resource, keys }, { codes, directory }) => {
  const codings = codingsOf(resource.code)
  const atc = codes.atcOf(codings)
  // what has an ATC code needs no other
  directory.addMedicine(keys, atc === undefined ? { atc: '', codings, words: wordsOf(resource.code) } : ofAtc(atc))
  return 'used by what refers to it'
}

export const readMedicationUse: Reader = (held, { codes, tally, references, drafts }) => {
  const { resource, key, origin, type } = held
  const status = text(resource.status)
  if (isVoid(status) || ['draft', 'cancelled', 'not-taken', 'intended'].includes(status)) return `status ${status}`
  if (text(resource.intent) === 'proposal') return 'a proposal'
  if (text(resource.taken) === 'n') return 'status not-taken'
  const patient = references.keyOf(resource.subject, key, 'Patient')
  const stranger = whyNoPatient(patient)
  if (stranger !== '') return stranger
  const codings = codingsOf(resource.medicationCodeableConcept)
  const medicine = references.keyOf(resource.medicationReference, key, 'Medication')
  const atc = codes.atcOf(codings) ?? ''
  if (atc === '' && medicine === '') {
    tally.unmapped('medicine', codings, wordsOf(resource.medicationCodeableConcept))
    return 'code not mapped'
  }
  const { since, until } = useOf(resource)
  if (since === '') return NO_DATE
  drafts.add('medication', { patient, origin, atc, medicine, type, since, until })
  return atc === '' ? null : KEPT
}

/** From when until when a medicine was used: as stated, else as dosed, else as prescribed. */
function useOf(resource: Element): { since: string; until: string } {
  const dosage = many(resource.dosageInstruction ?? resource.dosage).map(
    ({ timing }) => first(first(timing).repeat).boundsPeriod,
  )[0]
  const supply = first(resource.dispenseRequest).validityPeriod
  // where nl-core has an agreement say from when until when
  const agreed = extensionOf(resource, 'ext-TimeInterval.Period')?.valuePeriod
  const since =
    dayIn(resource.effectiveDateTime) ||
    startOf(resource.effectivePeriod) ||
    startOf(agreed) ||
    startOf(dosage) ||
    dayIn(resource.authoredOn) ||
    dayIn(resource.dateAsserted) ||
    dayIn(resource.whenHandedOver)
  const until = endOf(resource.effectivePeriod) || endOf(agreed) || endOf(dosage) || endOf(supply)
  return { since: completed(since, 'first'), until: completed(until, 'last') }
}
