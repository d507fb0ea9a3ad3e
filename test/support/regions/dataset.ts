/** A dataset directory for a test: a small valid one, with files overridden by the test. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** Files by name; null leaves one out. */
export type Files = Readonly<Record<string, string | Buffer | null>>

export const soundFiles = {
  'partners.csv':
    'partner_id,name,kind,agb,member_of\ngroup,De Groep,care_group,,\np01,Praktijk 1,gp_practice,01234567,group\n',
  'patients.csv': 'patient_id,birth_year,sex,postcode4,insurer,died_on\na,1950,m,1012,7095,\nb,1960,f,,,2025-06-01\n',
  'enrolments.csv':
    'patient_id,programme,partner_id,started_on,ended_on\na,dm2,p01,2023-01-01,\nb,dm2,p01,2023-02-01,2025-06-01\n',
  'observations.csv':
    'patient_id,measure,observed_on,value,unit\na,hba1c,2024-01-10,58,mmol/mol\na,hba1c,2025-01-12,55,mmol/mol\nb,sbp,2024-03-01,140,mmHg\n',
}

const made: string[] = []

/** @returns the directory; `removeDatasets` takes them all away */
export async function dataset(files: Files = {}): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'winst-data-'))
  made.push(dir)
  for (const [name, content] of Object.entries({ ...soundFiles, ...files }))
    if (content !== null) {
      await mkdir(dirname(join(dir, name)), { recursive: true })
      await writeFile(join(dir, name), content)
    }
  return dir
}

export const removeDatasets = async (): Promise<void> => {
  await Promise.all(made.splice(0).map((dir) => rm(dir, { recursive: true, force: true })))
}
