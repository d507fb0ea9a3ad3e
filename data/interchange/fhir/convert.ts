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
import { References } from './references.ts'
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
  /** for the drafts */
  readonly dir: string
  readonly bytesRead: (file: string, bytes: number) => void
}

/** @throws Refusal of a file that cannot be read to its end */
export async function convertFhir(order: FhirOrder, tables: Tables): Promise<Derived[]> {
  const { codes, tally } = order
  const drafts = new Drafts<FhirDrafts>(order.dir)
  const versions = new Versions()
  const reading: Reading = { codes, tally, drafts, references: new References(codes), directory: new Directory() }
  try {
    for (const file of order.files.read) {
      let place = 0
      for await (const found of resourcesIn(file, (bytes) => order.bytesRead(file.name, bytes))) {
        if ('stray' in found) {
          tally.add(found.stray, 'no resource')
          if (found.deleted !== undefined) versions.deleted(found.deleted)
        } else if (found.versioned && !versions.isNewest(found)) tally.add(found.type, 'an older version')
        else take(found, ++place, reading)
        await drafts.breathe()
      }
    }
    return await writeTables(reading, tables)
  } finally {
    await drafts.close()
  }
}

/** @param place which resource of its file it is, from 1 */
function take(found: Found, place: number, reading: Reading): void {
  const { resource, type, fullUrl, file, line } = found
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
  const held: Held = { resource, type, key: keys[0] ?? `${type}/line-${line}`, keys, origin }
  for (const part of containedIn(held, reading))
    if (containable.includes(part.type))
      readers.get(part.type)?.({ ...part, origin: { ...origin, where: part.key } }, reading)
  const fate = reader(held, reading)
  if (fate !== null) reading.tally.add(type, fate)
}

/** Kinds that a conditional reference may look for by identifier. */
const indexed = ['Patient', 'Organization', 'Practitioner', 'PractitionerRole', 'Location', 'HealthcareService']
