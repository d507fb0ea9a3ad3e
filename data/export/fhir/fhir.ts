/** A region as FHIR R4, as bulk exports are written: a file of NDJSON for each kind of resource. What a resource has no place for travels beside it as CSV. */
import { join } from 'node:path'
import { readCodes, type Codes } from '../../vocabulary/codes.ts'
import { writeCsv } from '../facts/csv.ts'
import { readFacts, type FactName } from '../facts/facts.ts'
import { resourcesOf, type Make } from './resources.ts'
import { GrowingFile } from '../facts/growing-file.ts'
import { jsonOf } from '../facts/json-decimals.ts'
import type { ExportOf, Written } from '../facts/order.ts'

/** Which resource each table becomes. */
const kinds = {
  partners: 'Organization',
  patients: 'Patient',
  enrolments: 'EpisodeOfCare',
  observations: 'Observation',
  conditions: 'Condition',
  medications: 'MedicationStatement',
  claims: 'Claim',
} as const satisfies Partial<Record<FactName, string>>

/** @returns resources by file, and the rows that travel beside them */
export async function writeFhir(of: ExportOf): Promise<Written[]> {
  const codes: Codes = await readCodes(of.programmes, null)
  const insured = new Set<string>()
  const write = resourcesOf(codes, of.programmes, insured)
  const coverage: Make = (row, count) => {
    const made = write.coverage(row, count)
    if (made) insured.add(row[0]!)
    return made
  }
  const written: Written[] = [await writeKind(of, 'Coverage', 'patients', coverage)]
  for (const [name, kind] of Object.entries(kinds) as [keyof typeof kinds, string][])
    written.push(await writeKind(of, kind, name, write[name]))
  written.push(...(await writeCsv(of, ['quality'])))
  return written
}

/** @param make the resource of a row, or none; rows are counted from 1 */
async function writeKind(of: ExportOf, kind: string, name: FactName, make: Make): Promise<Written> {
  const file = `${kind}.ndjson${of.gzip ? '.gz' : ''}`
  const out = new GrowingFile(join(of.dir, file))
  let count = 0
  await readFacts(
    of.client,
    of,
    name,
    (row) => {
      const resource = make(row, ++count)
      if (resource) out.add(`${jsonOf(resource)}\n`)
    },
    () => out.breathe(),
  )
  return { file, rows: await out.close() }
}
