/** Patient, Organization, and the resources that link a professional or a location to an organisation. */
import { Refusal } from '../../../engine/kernel/refusal.ts'
import { birthYearIn } from '../../cells/dates.ts'
import { OWN_ID } from '../mapping/own-export.ts'
import { KEPT } from '../mapping/tally.ts'
import { codingsOf, completed, dayIn, endOf, first, many, startOf, text } from './elements.ts'
import type { Element } from './elements.ts'
import type { Person } from './directory.ts'
import type { Held, Reader, Reading } from './reading.ts'
import { qualifiedId, shownId } from './references.ts'

const LEADS = 'used to find organisations'
const REPEATED = 'repeated'

const sexes: Readonly<Record<string, string>> = { male: 'm', female: 'f' }

export const readPatient: Reader = (held, { references, directory, tally, ofServer }) => {
  const { resource, keys, origin } = held
  const replacedBy = many(resource.link).find((link) => text(link.type) === 'replaced-by')
  if (replacedBy) {
    directory.replacePatient(keys, references.keyOf(replacedBy.other, held.key, 'Patient'))
    return 'merged into the patient who replaces it'
  }
  for (const link of many(resource.link))
    if (text(link.type) === 'replaces')
      directory.replacePatient([references.keyOf(link.other, held.key, 'Patient')], held.key)
  if (text(resource.active) === 'false') tally.note('patients whose record is no longer active')
  const bare = patientIdOf(held, (identifier) => references.isCitizenNumber(identifier))
  if (bare === '') return 'without an id other than a citizen number'
  const shared = directory.sameByIdentifier(keys)
  const id = shared?.id ?? ofServer(bare, held.server)
  const birthYear = birthYearIn(text(resource.birthDate)) ?? ''
  if (text(resource.birthDate) === '') tally.note('patients without a birth date')
  else if (birthYear === '') {
    const why = 'with a birth date that has no year'
    directory.lost.push({ id, why, origin })
    return why
  }
  const person = {
    id,
    birthYear,
    born: text(resource.birthDate),
    identifiers: many(resource.identifier).map(({ system, value }) => ({ system: text(system), value: text(value) })),
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
  if (before) refuseAnother(before, person)
  if (before && shared && before.origin.file !== origin.file)
    tally.note('patients of two servers or files, one by an identifier that they share')
  directory.addPatient(
    keys,
    before
      ? { ...person, birthYear: person.birthYear || before.birthYear, diedOn: person.diedOn || before.diedOn }
      : person,
  )
  return before ? REPEATED : KEPT
}

/** Two people under one id are never one person: the rows of either would be stored under both.
 *  @throws Refusal `ambiguous_patient` */
function refuseAnother(before: Person, person: Person): void {
  const differing = differenceOf(before, person)
  if (differing === '') return
  const [one, other] = [before.origin, person.origin]
  throw new Refusal(
    'ambiguous_patient',
    `Two patients have one id: ${one.file}, line ${one.line} (${one.where}), and ${other.file}, line ${other.line} (${other.where}), differ in ${differing}. Give each entry a fullUrl that names its server, or an id of its own; of one patient, a meta.versionId that tells the later version.`,
    { first: { file: one.file, line: one.line }, second: { file: other.file, line: other.line }, differing },
  )
}

/** What distinguishes two records of one id; blank if nothing does. */
function differenceOf(one: Person, other: Person): string {
  if (one.birthYear !== other.birthYear && one.birthYear !== '' && other.birthYear !== '') return 'birth year'
  if (one.sex !== other.sex && one.sex !== 'x' && other.sex !== 'x') return 'sex'
  if (one.born.length >= 10 && other.born.length >= 10 && one.born.slice(0, 10) !== other.born.slice(0, 10))
    return 'birth date'
  const isShared = other.identifiers.some(({ system, value }) =>
    one.identifiers.some((each) => each.system === system && each.value === value),
  )
  if (isShared || one.identifiers.length === 0 || other.identifiers.length === 0) return ''
  return 'every identifier'
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

export const readOrganization: Reader = (held, { codes, references, directory, tally }) => {
  const { resource, key, keys, origin } = held
  const identifierOf = (system: string) =>
    text(many(resource.identifier).find((each) => codes.systemOf(text(each.system)) === system)?.value)
  const contained = key.includes('#')
  const bare =
    ownIdOf(resource) ||
    (contained ? '' : text(resource.id)) ||
    text(first(resource.identifier).value) ||
    named(keys) ||
    text(resource.name)
  if (bare === '') return 'without an id'
  const types = codingsOf(resource.type).map(({ code }) => code)
  const uzovi = identifierOf('UZOVI')
  const [agbText, agb] = [identifierOf('AGB'), identifierOf('AGB').replaceAll(/\D/g, '')]
  if (agbText !== '' && agb.length !== 8) tally.note('AGB codes that are not of eight digits, left out')
  const name = text(resource.name) || bare
  const other = directory.organisations.get(bare)
  // two servers have an organisation of one id: one practice where its AGB code or its name says so
  const isOther =
    other !== undefined && other.server !== held.server && (other.agb || other.name) !== (other.agb ? agb : name)
  const id = isOther ? qualifiedId(bare, held.server) : bare
  const organisation = {
    id,
    server: held.server,
    name,
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
    return { resource, type, server: held.server, key: keys[0] as string, keys, origin: held.origin }
  })
}
