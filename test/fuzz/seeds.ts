/** Sound sources to corrupt: a generated region in every format, an extract of a GP system, and files of others where they lie. */
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Store } from '../../data/postgres/database.ts'
import { exportRegion } from '../../data/export/export.ts'
import { importDataset } from '../../data/import/import.ts'
import type { Format } from '../../data/interchange/convert.ts'
import { latestDelivery, regionOf } from '../../data/region/regions.ts'
import { generateRegion } from '../../data/synthetic/generate.ts'
import { type Files, parquetOf, workbookOf } from './containers.ts'

export interface Seed {
  readonly format: 'csv' | Format
  readonly name: string
  readonly files: Files
}

/** @param store where the generated region is imported to be exported again
 *  @param others files that others wrote, by directory of their kind; left out where they are not */
export async function seedsOf(store: Store, patients: number, others: string): Promise<Seed[]> {
  const place = await mkdtemp(join(tmpdir(), 'seeds-'))
  try {
    const source = join(place, 'source')
    await generateRegion({ out: source, patients, seed: 7 })
    const rejectsPath = join(place, 'rejects.csv')
    await importDataset(store, { dir: source, region: 'seeds', rejectsPath, maxRejects: 1 })
    const region = await regionOf(store, 'seeds')
    const { regionId } = region
    const asOf = await latestDelivery(store, region)
    const out = async (format: 'csv' | 'fhir' | 'omop' | 'jsonl' | 'parquet' | 'xlsx') => {
      const dir = join(place, format)
      await exportRegion(store, { regionId, asOf, format, dir, gzip: false })
      return filesIn(dir)
    }
    const [csv, fhir, omop] = [await out('csv'), await out('fhir'), await out('omop')]
    const raw = await filesIn(source, (name) => name.endsWith('.csv') && name !== 'truth.csv')
    return [
      { format: 'csv', name: 'as generated, dirt and all', files: raw },
      { format: 'csv', name: 'exported, with a programme', files: { ...csv, 'programmes/own.yaml': programme } },
      { format: 'csv', name: 'as a spreadsheet writes it', files: spreadsheet(csv) },
      { format: 'fhir', name: 'NDJSON', files: fhir },
      {
        format: 'fhir',
        name: 'a Bundle',
        files: { 'bundle.json': Buffer.from(JSON.stringify(bundleOf(fhir), null, 1)) },
      },
      { format: 'fhir', name: 'XML', files: { 'bundle.xml': Buffer.from(xmlOf(bundleOf(fhir))) } },
      { format: 'omop', name: 'exported', files: omop },
      { format: 'jsonl', name: 'exported', files: await out('jsonl') },
      { format: 'parquet', name: 'exported', files: await out('parquet') },
      { format: 'parquet', name: 'without compression', files: parquetOf(csv) },
      { format: 'xlsx', name: 'exported', files: await out('xlsx') },
      { format: 'xlsx', name: 'without compression', files: workbookOf(csv) },
      { format: 'his', name: 'an extract', files: { 'extract.csv': Buffer.from(extractOf(patients)) } },
      ...(await seedsOfOthers(others)),
    ]
  } finally {
    await rm(place, { recursive: true, force: true })
  }
}

async function filesIn(dir: string, wanted: (name: string) => boolean = () => true): Promise<Record<string, Buffer>> {
  const names = (await readdir(dir, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && wanted(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(dir.length + 1))
    .sort()
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await readFile(join(dir, name))] as const)),
  )
}

async function seedsOfOthers(place: string): Promise<Seed[]> {
  if (!existsSync(join(place, 'fhir_synthea_r4'))) return []
  const synthea = await filesIn(join(place, 'fhir_synthea_r4'), (name) => name.endsWith('.json'))
  const bundles = Object.entries(synthea)
    .sort((a, b) => a[1].length - b[1].length)
    .slice(0, 4)
  const omop = await filesIn(join(place, 'omop_synthea27nj'), (name) =>
    /^(PERSON|OBSERVATION_PERIOD|CONDITION_OCCURRENCE|DRUG_EXPOSURE|DEATH|CARE_SITE|PROVIDER|OBSERVATION)\.csv$/.test(
      name,
    ),
  )
  const dutch = await filesIn(join(place, 'fhir_nl_core'), (name) => /Patient|Blood|Lab|Condition|Organi/.test(name))
  return [
    { format: 'fhir', name: 'bundles of Synthea', files: Object.fromEntries(bundles) },
    { format: 'fhir', name: 'examples of nl-core', files: dutch },
    { format: 'omop', name: 'CDM of OHDSI', files: omop },
  ]
}

const programme = Buffer.from(
  'programme: own\ntitle: {nl: Eigen, en: Own}\nmeasures:\n  own: {title: {nl: Eigen, en: Own}, unit: "{score}", better: lower, plausible: [0, 10]}\n',
)

/** Semicolons, decimal commas, quotes where a spreadsheet puts them, line ends of Windows. */
const spreadsheet = (files: Files): Record<string, Buffer> =>
  Object.fromEntries(
    Object.entries(files).map(([name, bytes]) => [
      name,
      Buffer.from(
        bytes
          .toString('utf8')
          .replaceAll(/(?<=\d)\.(?=\d)/g, '{point}')
          .replaceAll(',', ';')
          .replaceAll('{point}', ',')
          .replaceAll('\n', '\r\n'),
      ),
    ]),
  )

type Json = { readonly [key: string]: unknown }

function bundleOf(ndjson: Files): Json {
  const resources = Object.entries(ndjson)
    .filter(([name]) => name.endsWith('.ndjson'))
    .flatMap(([, bytes]) => bytes.toString('utf8').trimEnd().split('\n'))
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Json)
  return { resourceType: 'Bundle', type: 'collection', entry: resources.map((resource) => ({ resource })) }
}

/** FHIR's XML of its JSON. @see https://hl7.org/fhir/R4/xml.html */
function xmlOf(resource: Json): string {
  const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
  const element = (name: string, value: unknown): string => {
    if (Array.isArray(value)) return value.map((each) => element(name, each)).join('')
    if (typeof value !== 'object' || value === null) return `<${name} value="${escaped(String(value))}"/>`
    if ('resourceType' in value) return `<${name}>${whole(value, '')}</${name}>`
    const { id, url, ...rest } = value as Json
    const attributes = Object.entries({ id, url }).filter(([, text]) => text !== undefined)
    const head = attributes.map(([key, text]) => ` ${key}="${escaped(String(text))}"`).join('')
    return `<${name}${head}>${fields(rest)}</${name}>`
  }
  const fields = (of: Json): string =>
    Object.entries(of)
      .map(([name, value]) => element(name, value))
      .join('\n')
  const whole = ({ resourceType, ...rest }: Json, space: string): string =>
    `<${String(resourceType)}${space}>${fields(rest)}</${String(resourceType)}>`
  return `<?xml version="1.0" encoding="UTF-8"?>\n${whole(resource, ' xmlns="http://hl7.org/fhir"')}\n`
}

/** A row for each patient on each peildatum, in the columns that the built-in layout knows. */
function extractOf(patients: number): string {
  const rows = [
    'Patientnummer;Peildatum;Praktijk;Geboortedatum;Geslacht;Postcode;UZOVI;Overlijdensdatum;HBAC;HBAC_datum;RRSY;RRSY_datum;DMKZ;DMHB;ICPC',
  ]
  for (let patient = 0; patient < patients; patient++)
    for (const quarter of ['01-01-2024', '01-04-2024', '01-07-2024'])
      rows.push(
        [
          `pat${patient}`,
          quarter,
          `0101010${patient % 3}`,
          `12-03-${1940 + patient}`,
          patient % 2 ? 'M' : 'V',
          `23${10 + patient} AB`,
          '7095',
          '',
          String(50 + (patient % 20)),
          `14-1${patient % 2}-2023`,
          `${130 + patient},5`,
          '01-12-2023',
          patient % 4 ? 'ja' : 'nee',
          'huisarts',
          '"T90.02;K86"',
        ].join(';'),
      )
  return `${rows.join('\r\n')}\r\n`
}
