/** Patient, Organization, and the resources that link a professional or a location to an organisation. */
import { OWN_ID } from '../mapping/own-export.ts'
import { KEPT } from '../mapping/tally.ts'
import { codingsOf, completed, dayIn, endOf, first, many, startOf, text } from './elements.ts'
import type { Element } from './elements.ts'
import type { Held, Reader, Reading } from './reading.ts'
import { shownId } from './references.ts'

const LEADS = 'used to find organisations'
const REPEATED = 'repeated'

const sexes: Readonly<Record<string, string>> = { male: 'm', female: 'f' }

export const readPatient: Reader = (held, { references, directory, tally }) => {
  const { resource, keys, origin } = held
  const id = patientIdOf(held, (identifier) => references.isCitizenNumber(identifier))
  const birthYear = text(resource.birthDate).slice(0, 4)
  if (id === '') return 'without an id other than a citizen number'
  if (birthYear === '') return 'without a birth date'
  const person = {
    id,
    birthYear,
    sex: sexes[text(resource.gender)] ?? 'x',
    postcode4: postcode4Of(resource),
    diedOn: completed(dayIn(resource.deceasedDateTime), 'last'),
    practice: [
      ...references.keysIn(resource.generalPractitioner, held.key, 'Organization'),
      ...references.keysIn(resource.managingOrganization, held.key, 'Organization'),
    ],
    origin,
  }
  if (text(resource.deceasedBoolean) === 'true') tally.note('patients who died on a day that is not told')
  const before = directory.people.get(id)
  // a repeated patient is ignored; a different one with the same id is a contradiction, which the import reports
  if (before && (before.birthYear !== birthYear || before.sex !== person.sex)) {
    directory.contradictions.push(person)
    return KEPT
  }
  directory.addPatient(keys, before ? { ...person, diedOn: person.diedOn || before.diedOn } : person)
  return before ? REPEATED : KEPT
}

/** Patient.id; else an identifier that is no citizen number; else what the Bundle calls it. */
function patientIdOf({ resource, keys }: Held, isCitizenNumber: (identifier: Element) => boolean): string {
  const own = ownIdOf(resource) || text(resource.id)
  if (own !== '') return own
  const identifier = many(resource.identifier).find((each) => text(each.value) !== '' && !isCitizenNumber(each))
  if (identifier) return text(identifier.value)
  return shownId(keys.find((key) => /^(urn:|Patient\/)/.test(key)) ?? '')
}

/** The id that our own export gave it. */
export const ownIdOf = (resource: Element): string =>
  text(many(resource.identifier).find((each) => text(each.system) === OWN_ID)?.value)

/** Four digits of a Dutch postcode; of other countries none. */
function postcode4Of(resource: Element): string {
  for (const address of many(resource.address)) {
    const [code, country] = [text(address.postalCode).toUpperCase(), text(address.country).toUpperCase()]
    const found = /^([1-9]\d{3})(\s?[A-Z]{2})?$/.exec(code)
    // four digits alone are a postcode in many countries
    if (found && (found[2] !== undefined || ['NL', 'NLD'].includes(country))) return found[1] ?? ''
  }
  return ''
}

export const readOrganization: Reader = ({ resource, key, keys, origin }, { codes, references, directory, tally }) => {
  const identifierOf = (system: string) =>
    text(many(resource.identifier).find((each) => codes.systemOf(text(each.system)) === system)?.value)
  const contained = key.includes('#')
  const id =
    ownIdOf(resource) ||
    (contained ? '' : text(resource.id)) ||
    text(first(resource.identifier).value) ||
    named(keys) ||
    text(resource.name)
  if (id === '') return 'without an id'
  const types = codingsOf(resource.type).map(({ code }) => code)
  const uzovi = identifierOf('UZOVI')
  const [told, agb] = [identifierOf('AGB'), identifierOf('AGB').replaceAll(/\D/g, '')]
  if (told !== '' && agb.length !== 8) tally.note('AGB codes that are not of eight digits, left out')
  const organisation = {
    id,
    name: text(resource.name) || id,
    agb: agb.length === 8 ? agb : '',
    types: [
      ...codingsOf(resource.type)
        .filter(({ system }) => codes.systemOf(system) === 'partner_kind')
        .map(({ code }) => code),
      ...types,
    ],
    memberOf: references.keyOf(resource.partOf, key, 'Organization'),
    payer: uzovi !== '' || codes.isPayer(types) || isPayerProfile(resource),
    uzovi,
    origin,
  }
  const before = directory.organisations.has(id)
  directory.addOrganisation(keys, organisation)
  return before ? REPEATED : contained ? 'part of another resource' : null
}

const named = (keys: readonly string[]): string => shownId(keys.find((key) => /^(urn:|Organization\/)/.test(key)) ?? '')
const isPayerProfile = ({ meta }: Element): boolean => text(first(meta).profile).endsWith('nl-core-Payer-Organization')

/** A resource that leads to an organisation by one of its references. */
const leading =
  (...names: readonly string[]): Reader =>
  ({ resource, key, keys }, { references, directory }) => {
    directory.addLead(
      keys,
      names.flatMap((name) => references.keysIn(resource[name], key, 'Organization')),
    )
    return LEADS
  }

export const readPlace = leading('managingOrganization', 'providedBy', 'partOf')

/** A role leads to its organisation, and so does the professional who has it. */
export const readRole: Reader = ({ resource, key, keys }, { references, directory }) => {
  const to = references.keysIn(resource.organization, key, 'Organization')
  const professional = references.keyOf(resource.practitioner, key, 'Practitioner')
  directory.addLead(professional === '' ? keys : [...keys, professional], to)
  return LEADS
}

export const readPractitioner: Reader = () => LEADS

/** Who insures a patient: known when every organisation is. */
export const readCoverage: Reader = (held, { codes, references, directory, drafts }) => {
  const { resource, key } = held
  const payor = first(resource.payor)
  const identifier = first(payor.identifier)
  const payer = references.keyOf(payor, key, 'Organization')
  if (payer !== '') directory.insurers.add(payer)
  drafts.add('coverage', {
    patient: references.keyOf(resource.beneficiary, key, 'Patient'),
    payer,
    uzovi: codes.systemOf(text(identifier.system)) === 'UZOVI' ? text(identifier.value) : '',
    // of several, the active one, then the one that began last
    rank: `${text(resource.status) === 'active' ? 1 : 0} ${startOf(resource.period)} ${endOf(resource.period)}`,
    type: held.type,
  })
  return null
}

/** Resources that a resource contains are read before it, under its key. */
export function containedIn(held: Held, reading: Reading): Held[] {
  return many(held.resource.contained).map((resource) => {
    const type = text(resource.resourceType)
    const keys = [`${held.key}#${text(resource.id)}`, ...reading.references.keysOf(type, '', '', resource.identifier)]
    return { resource, type, key: keys[0] as string, keys, origin: held.origin }
  })
}
