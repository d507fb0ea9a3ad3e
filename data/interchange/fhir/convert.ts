/** FHIR R4 to the tables of the interface: every resource read once, with memory proportional to patients and organisations only. */
import type { Codes } from '../../vocabulary/codes.ts'
import { Drafts } from '../mapping/drafts.ts'
import type { Derived } from '../mapping/enrolments.ts'
import type { Tables } from '../mapping/tables.ts'
import type { Tally } from '../mapping/tally.ts'
import {
  readCarePlan,
  readCondition,
  readEncounter,
  readEpisodeOfCare,
  readMedication,
  readMedicationUse,
  readProcedure,
} from './care.ts'
import { readClaim } from './claims.ts'
import { Directory } from './directory.ts'
import { text } from './elements.ts'
import {
  containedIn,
  readCoverage,
  readOrganization,
  readPatient,
  readPlace,
  readPractitioner,
  readRole,
} from './people.ts'
import type { FhirDrafts, Held, Reader, Reading } from './reading.ts'
import { readObservation, readQuestionnaireResponse } from './readings.ts'
import { Refusal } from '../../../engine/kernel/refusal.ts'
import { isLiteral, qualifiedId, References, shownId } from './references.ts'
import { surveySource } from './source-survey.ts'
import { resourcesIn } from './resources.ts'
import type { FhirFiles, Found } from './resources.ts'
import { writeTables } from './write-tables.ts'
import { Versions } from './versions.ts'

/** By kind; a source may call a resource by any name, `constructor` too. */
const readers: ReadonlyMap<string, Reader> = new Map(
  Object.entries({
    Patient: readPatient,
    Organization: readOrganization,
    Practitioner: readPractitioner,
    PractitionerRole: readRole,
    Location: readPlace,
    HealthcareService: readPlace,
    CareTeam: readPlace,
    Coverage: readCoverage,
    Encounter: readEncounter,
    EpisodeOfCare: readEpisodeOfCare,
    CarePlan: readCarePlan,
    Condition: readCondition,
    Observation: readObservation,
    QuestionnaireResponse: readQuestionnaireResponse,
    Medication: readMedication,
    MedicationRequest: readMedicationUse,
    MedicationStatement: readMedicationUse,
    Procedure: readProcedure,
    Claim: readClaim,
    ExplanationOfBenefit: readClaim,
  } satisfies Record<string, Reader>),
)
/** Contained resources through which references are resolved. */
const containable = ['Organization', 'PractitionerRole', 'Location', 'HealthcareService', 'Medication', 'Condition']

export interface FhirOrder {
  readonly files: FhirFiles
  readonly codes: Codes
  readonly tally: Tally
  /** servers that the region has patients of, its first first */
  readonly regionServers: readonly string[]
  /** for the drafts */
  readonly dir: string
  readonly bytesRead: (file: string, bytes: number) => void
}

export interface FhirConverted {
  readonly derived: readonly Derived[]
  readonly servers: readonly string[]
  readonly lostPatients: Directory['lost']
}

/** The server whose ids the region has as they stand: its first; of a new region, the first by name.
 *  @throws Refusal `ambiguous_server` */
function firstServer(servers: readonly string[], ofRegion: readonly string[]): string {
  const known = ofRegion.filter((server) => server !== '')
  if (known.length > 1 && servers.every((server) => server === ''))
    throw new Refusal(
      'ambiguous_server',
      `The source does not say whose server it is of, and the region has patients of ${known.join(' and ')}. Give each entry a fullUrl that begins with its server.`,
      { servers: known },
    )
  return known[0] ?? servers.find((server) => server !== '') ?? ''
}

/** @throws Refusal of a file that cannot be read to its end */
export async function convertFhir(order: FhirOrder, tables: Tables): Promise<FhirConverted> {
  const { codes, tally, files } = order
  const { servers, replaced } = await surveySource(files)
  const own = firstServer(servers, order.regionServers)
  const drafts = new Drafts<FhirDrafts>(order.dir)
  const versions = new Versions()
  const references = new References(
    codes,
    servers.filter((server) => server !== ''),
  )
  const ofServer = (id: string, server: string) => (server === '' || server === own ? id : qualifiedId(id, server))
  const directory = new Directory((key) => ofServer(shownId(key), isLiteral(key) ? references.serverOf(key) : ''))
  const reading: Reading = {
    codes,
    tally,
    drafts,
    references,
    directory,
    ofServer,
  }
  try {
    let at = 0
    for (const file of files.read) {
      let place = 0
      for await (const found of resourcesIn(file, (bytes) => order.bytesRead(file.name, bytes))) {
        const isReplaced = replaced.has(at++)
        if ('stray' in found) {
          tally.add(found.stray, 'no resource')
          if (found.deleted !== undefined && found.versioned) versions.deleted(found.deleted)
        } else if (isReplaced) tally.add(found.type, 'an older version')
        else if (found.versioned && !versions.isNewest(found)) tally.add(found.type, 'an older version')
        else take(found, ++place, reading)
        await drafts.breathe()
      }
    }
    const derived = await writeTables(reading, tables)
    return { derived, servers, lostPatients: directory.lost }
  } finally {
    await drafts.close()
  }
}

/** @param place which resource of its file it is, from 1 */
function take(found: Found, place: number, reading: Reading): void {
  const { resource, type, fullUrl, server, file, line } = found
  const reader = readers.get(type)
  if (!reader) {
    reading.tally.add(type, 'no table for it')
    return
  }
  const id = text(resource.id)
  const keys = reading.references.keysOf(type, id, fullUrl, indexed.includes(type) ? resource.identifier : undefined)
  // the id of a patient may be what --pseudonymise must keep out of the rejects
  const where = type === 'Patient' ? `resource ${place} of the file` : `${type}/${id || fullUrl}`
  const origin = { file, line, where }
  const held: Held = { resource, type, server, key: keys[0] ?? `${type}/line-${line}`, keys, origin }
  for (const part of containedIn(held, reading))
    if (containable.includes(part.type))
      readers.get(part.type)?.({ ...part, origin: { ...origin, where: part.key } }, reading)
  const fate = reader(held, reading)
  if (fate !== null) reading.tally.add(type, fate)
}

/** Kinds that a conditional reference may look for by identifier. */
const indexed = ['Patient', 'Organization', 'Practitioner', 'PractitionerRole', 'Location', 'HealthcareService']
