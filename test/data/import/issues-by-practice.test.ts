import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { importDataset } from '../../../data/import/import.ts'
import { issuesInDirectory, issuesOfDelivery, writeIssuesByPractice } from '../../../data/import/issues-by-practice.ts'
import { dataset, removeDatasets } from '../../support/regions/dataset.ts'
import { liveStore } from '../../support/services/live.ts'

const store = await liveStore()
afterAll(async () => {
  await store.close()
  await removeDatasets()
})

const files = {
  'partners.csv':
    'partner_id,name,kind,agb\np01,Praktijk 1,gp_practice,\np 2,Praktijk 2,gp_practice,123\nlab,Lab,diagnostic_centre,\n',
  'patients.csv': 'patient_id,birth_year,sex\na,1950,m\nb,1960,f\nc,60,f\n',
  'enrolments.csv':
    'patient_id,programme,partner_id,started_on\na,dm2,p01,2023-01-01\nb,dm2,p 2,2023-01-01\nc,dm2,p 2,2023-01-01\n',
  'observations.csv':
    'patient_id,measure,observed_on,value,unit,partner_id\na,hba1c,2023-06-10,58,,\na,hba1c,2023-06-11,0,,lab\nb,hba1c,2023-06-11,<5,,lab\nnobody,hba1c,2023-06-12,50,,\n',
}
const rowsOf = async (dir: string, file: string) =>
  (await readFile(join(dir, file), 'utf8')).trimEnd().split('\n').slice(1)

test('each practice gets its own rows, in its language, from the store', async () => {
  const dir = await dataset(files)
  const { deliveryId } = await importDataset(store, {
    dir,
    region: 'by-practice',
    maxRejects: 1,
    rejectsPath: join(dir, 'out', 'rejects.csv'),
  })
  const out = join(dir, 'practices')
  const written = await writeIssuesByPractice(await issuesOfDelivery(store, deliveryId), 'nl', out)
  expect(written.map(({ practice, rejected, kept }) => [practice, rejected, kept])).toEqual([
    ['p 2', 3, 1],
    ['', 1, 0],
    ['p01', 1, 0],
  ])
  expect((await readdir(out)).sort()).toEqual(written.map(({ file }) => file).sort())
  expect(await rowsOf(out, 'p01.csv')).toEqual([
    'observations.csv,3,value,0,"buiten het aannemelijke bereik van hba1c, 20 to 200 mmol/mol; waarschijnlijk 0 voor wat niet gemeten is",lab,p01,"Controleer waarde en eenheid in het bronsysteem; is dit echt gemeten, dan kan er niet op worden afgerekend.",afgewezen',
  ])
  const second = await rowsOf(out, written[0]!.file)
  expect(second[0]).toMatch(
    /^patients.csv,3?4?,birth_year,60,geen jaartal van vier cijfers; 1960 of 2060,p 2,p 2,.*,afgewezen$/,
  )
  expect(second[1]).toMatch(/^enrolments.csv,4,patient_id,c,"de patiënt is afgewezen: patients.csv, regel 4",p 2,p 2,/)
  expect(second[2]).toMatch(/^observations.csv,4,value,<5,"een grens, geen waarde",lab,p 2,/)
  expect(second[3]).toMatch(/^partners.csv,3,agb,123,geen 8 cijfers; leeg gelaten,p 2,p 2,.*,behouden$/)
})

test('of an import of which nothing was kept, practices are found in its enrolments', async () => {
  const dir = await dataset(files)
  const out = join(dir, 'out')
  const order = { dir, region: 'nothing-kept', maxRejects: 0, rejectsPath: join(out, 'rejects.csv') }
  await expect(importDataset(store, order)).rejects.toMatchObject({ code: 'too_many_rejects' })
  const written = await writeIssuesByPractice(await issuesInDirectory(out), 'en', join(dir, 'practices'))
  expect(written).toMatchObject([{ practice: 'p 2', rejected: 1, kept: 1 }])
})

test('two practices never share a file, whatever their ids', async () => {
  const row = (practice: string) => `patients.csv,2,sex,q,"not one of m, f, x",${practice},${practice},Use one.\n`
  const rejects = `file,line,column,value,reason,partner_id,practice_id,advice\n${row('a/b')}${row('a_b')}${row('../a')}`
  const dir = join(await dataset(), 'practices')
  const written = await writeIssuesByPractice({ rejects, warnings: '' }, 'en', dir)
  expect(new Set(written.map(({ file }) => file)).size).toBe(3)
  expect((await readdir(dir)).length).toBe(3)
})
