/** The practice that each patient is enrolled with, for the rows of rejects.csv: as the store knows it, else as enrolments.csv says. */
import { createHmac } from 'node:crypto'
import type { ClientBase } from 'pg'
import { cleaned } from '../cells/text.ts'
import { readCsv } from '../files/csv.ts'
import type { DatasetFile } from './dataset-files.ts'

/** @param patients by the ids that the store may know
 *  @returns the practice of those that have one: where the latest enrolment is */
export async function practicesOf(
  client: ClientBase,
  regionId: number,
  patients: ReadonlySet<string>,
  files: readonly DatasetFile[],
  pseudonymKey: string | null,
): Promise<ReadonlyMap<string, string>> {
  const { rows } = await client.query<{ patient_id: string; partner_id: string }>(
    `select distinct on (p.patient_id) p.patient_id, e.partner_id
       from patient p join enrolment e on e.region_id = p.region_id and e.patient_key = p.patient_key
      where p.region_id = $1 and p.patient_id = any ($2)
      order by p.patient_id, e.started_on desc, e.partner_id`,
    [regionId, [...patients]],
  )
  const practices = new Map(rows.map(({ patient_id, partner_id }) => [patient_id, partner_id]))
  const enrolments = files.find(({ fact }) => fact.table === 'enrolment')
  if (enrolments && practices.size < patients.size)
    await readPractices(enrolments, pseudonymKey, (patient, partner) => {
      if (patients.has(patient) && !practices.has(patient)) practices.set(patient, partner)
    })
  return practices
}

/** Every patient of the file with a partner, whatever else is wrong with the row. */
async function readPractices(
  { path, name, header }: DatasetFile,
  pseudonymKey: string | null,
  take: (patient: string, partner: string) => void,
): Promise<void> {
  const [patientAt, partnerAt] = [header.columns.indexOf('patient_id'), header.columns.indexOf('partner_id')]
  const stored = (id: string): string =>
    pseudonymKey === null ? id : createHmac('sha256', pseudonymKey).update(id).digest('hex')
  await readCsv(path, name, header, () => ({
    record: (fields) => {
      const [patient, partner] = [cleaned(fields[patientAt] ?? ''), cleaned(fields[partnerAt] ?? '')]
      if (patient !== '' && partner !== '') take(stored(patient), partner)
    },
    flush: () => Promise.resolve(),
  }))
}
