/** Sources made to exhaust a reader's memory or time: each must be refused, with a sentence, in little memory. */
import { execFileSync } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { mkdir, mkdtemp, open, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { ZipFile } from 'yazl'
import type { Store } from '../../data/postgres/database.ts'
import { importDataset } from '../../data/import/import.ts'
import { importConverted } from '../../data/interchange/convert.ts'
import { Refusal } from '../../engine/kernel/refusal.ts'
import { soundFiles } from '../support/regions/dataset.ts'
import { changedBetween, factsIn } from './facts.ts'
import { timed } from './rounds.ts'
import type { Account } from './rounds.ts'
import type { Seed } from './seeds.ts'

const GB = 2 ** 30
const mostMemory = 600 // MB more than before; a resource of FHIR may be 64 MB, and its elements take more than its text
const longestHold = 5 // seconds

export interface Exhausting {
  readonly what: string
  readonly format: Seed['format']
  readonly code: string
  /** @returns the source: a directory, or a file of it */
  readonly write: (dir: string) => Promise<string>
}

function* times(text: string, bytes: number, head = ''): Generator<string> {
  yield head
  const chunk = text.repeat(Math.ceil((1 << 20) / text.length))
  for (let said = 0; said < bytes; said += chunk.length) yield chunk
}

async function zipped(dir: string, file: string, content: Iterable<string>): Promise<string> {
  await pipeline(Readable.from(content), createGzip(), createWriteStream(join(dir, file)))
  return dir
}

async function plain(dir: string, file: string, content: Iterable<string>): Promise<string> {
  await pipeline(Readable.from(content), createWriteStream(join(dir, file)))
  return dir
}

/** A workbook with the tables that are needed, all of them one sheet. */
async function sheetOf(dir: string, content: Iterable<string>): Promise<string> {
  const names = ['partners', 'patients', 'enrolments', 'observations']
  const relation = (type: string, target: string, id: number) =>
    `<Relationship Id="r${id}" Type="http://x/${type}" Target="${target}"/>`
  const zip = new ZipFile()
  const parts = {
    '_rels/.rels': `<Relationships>${relation('officeDocument', 'w.xml', 0)}</Relationships>`,
    'w.xml': `<workbook><sheets>${names.map((name, at) => `<sheet name="${name}" r:id="r${at}"/>`).join('')}</sheets></workbook>`,
    '_rels/w.xml.rels': `<Relationships>${names.map((_, at) => relation('worksheet', 's.xml', at)).join('')}</Relationships>`,
  }
  for (const [name, xml] of Object.entries(parts)) zip.addBuffer(Buffer.from(xml), name)
  zip.addReadStream(Readable.from(content), 's.xml')
  zip.end()
  await pipeline(zip.outputStream, createWriteStream(join(dir, 'dataset.xlsx')))
  return dir
}

/** A pipe that nobody fills: whoever opens it waits. */
async function piped(dir: string, file: string): Promise<string> {
  execFileSync('mkfifo', [join(dir, file)])
  return dir
}

async function besides(dir: string, file: string): Promise<string> {
  for (const [name, text] of Object.entries(soundFiles)) if (name !== file) await writeFile(join(dir, name), text)
  return dir
}

const observation = 'a,hba1c,2024-01-10,58,mmol/mol\n'
const header = 'patient_id,measure,observed_on,value,unit\n'
const OBSERVATIONS = 'observations.csv'
const patient = '{"resourceType":"Patient","id":"a","gender":"male","birthDate":"1950"}\n'

export const EXHAUSTING: readonly Exhausting[] = [
  {
    what: 'a pipe that nobody fills',
    format: 'csv',
    code: 'not_a_regular_file',
    write: async (dir) => {
      return await piped(await besides(dir, OBSERVATIONS), OBSERVATIONS)
    },
  },
  {
    what: 'a line of 1 GB after sound ones, zipped',
    format: 'csv',
    code: 'unreadable_file',
    write: async (dir) =>
      zipped(await besides(dir, OBSERVATIONS), `${OBSERVATIONS}.gz`, times('x', GB, header + observation)),
  },
  {
    what: 'a quote that 1 GB of lines does not close, zipped',
    format: 'csv',
    code: 'unreadable_file',
    write: async (dir) =>
      zipped(await besides(dir, OBSERVATIONS), `${OBSERVATIONS}.gz`, times('x\n', GB, `${header}"`)),
  },
  {
    what: 'a zip bomb of sound rows',
    format: 'csv',
    code: 'too_many_duplicates',
    write: async (dir) =>
      zipped(await besides(dir, OBSERVATIONS), `${OBSERVATIONS}.gz`, times(observation, GB, header)),
  },
  {
    what: 'a sparse file of 1 GB',
    format: 'csv',
    code: 'unreadable_file',
    write: async (dir) => {
      const file = await open(join(await besides(dir, OBSERVATIONS), OBSERVATIONS), 'w')
      await file.truncate(GB)
      await file.close()
      return dir
    },
  },
  {
    what: 'a header of 100,000 columns',
    format: 'csv',
    code: 'missing_column',
    write: async (dir) =>
      plain(await besides(dir, OBSERVATIONS), OBSERVATIONS, [
        Array.from({ length: 100_000 }, (_, i) => `c${i}`).join(),
        '\n',
      ]),
  },
  {
    what: 'a programme of aliases of aliases',
    format: 'csv',
    code: 'invalid_yaml',
    write: async (dir) => {
      await besides(dir, '')
      await mkdir(join(dir, 'programmes'))
      const levels = Array.from({ length: 30 }, (_, i) => `a${i + 1}: &a${i + 1} [${`*a${i}, `.repeat(9)}*a${i}]\n`)
      await writeFile(join(dir, 'programmes', 'own.yaml'), `a0: &a0 [x]\n${levels.join('')}`)
      return dir
    },
  },
  {
    what: 'a pipe among resources that nobody fills',
    format: 'fhir',
    code: 'not_a_regular_file',
    write: (dir) => piped(dir, 'patients.json'),
  },
  {
    what: 'a zip bomb of sound resources',
    format: 'fhir',
    code: 'unreadable_file',
    write: (dir) => zipped(dir, 'Patient.ndjson.gz', times(patient, 300 << 20)),
  },
  {
    what: 'a resource of 60 MB of empty objects',
    format: 'fhir',
    code: 'unreadable_file',
    write: (dir) => plain(dir, 'a.json', times('{},', 60 << 20, '{"resourceType":"Patient","a":[')),
  },
  {
    what: 'a whole resource of 60 MB of empty lists',
    format: 'fhir',
    code: 'unreadable_file',
    write: (dir) => plain(dir, 'a.json', [...times('[],', 60 << 20, '{"resourceType":"Patient","a":['), '[]]}']),
  },
  {
    what: 'brackets a million deep',
    format: 'fhir',
    code: 'unreadable_file',
    write: (dir) => plain(dir, 'a.json', times('{"a":', 5 << 20)),
  },
  {
    what: 'XML of 60 MB of empty elements',
    format: 'fhir',
    code: 'unreadable_file',
    write: (dir) => plain(dir, 'a.xml', times('<a/>', 60 << 20, '<Patient xmlns="http://hl7.org/fhir">')),
  },
  {
    what: 'a narrative of XML ten million deep',
    format: 'fhir',
    code: 'unreadable_file',
    write: (dir) => plain(dir, 'a.xml', times('<div>', 50 << 20, '<Patient xmlns="http://hl7.org/fhir"><text>')),
  },
  {
    what: 'entities of entities in XML',
    format: 'fhir',
    code: 'unreadable_file',
    write: (dir) =>
      plain(dir, 'a.xml', [
        '<!DOCTYPE x [<!ENTITY a0 "ha">',
        ...Array.from({ length: 30 }, (_, i) => `<!ENTITY a${i + 1} "${`&a${i};`.repeat(10)}">`),
        ']><Patient xmlns="http://hl7.org/fhir"><id value="&a30;"/></Patient>',
      ]),
  },
  {
    what: 'a zip bomb of rows',
    format: 'omop',
    code: 'unreadable_file',
    write: (dir) =>
      zipped(
        dir,
        'PERSON.csv.gz',
        times(
          '1,8507,1950,,,,,,,,,,,,,,,\n',
          GB,
          'person_id,gender_concept_id,year_of_birth,month_of_birth,day_of_birth,birth_datetime,race_concept_id,ethnicity_concept_id,location_id,provider_id,care_site_id,person_source_value,gender_source_value,gender_source_concept_id,race_source_value,race_source_concept_id,ethnicity_source_value,ethnicity_source_concept_id\n',
        ),
      ),
  },
  {
    what: 'a line of 1 GB, zipped',
    format: 'jsonl',
    code: 'unreadable_file',
    write: (dir) => zipped(dir, 'patients.jsonl.gz', times('x', GB, '{"patient_id":"')),
  },
  {
    what: 'a zip bomb of sound rows',
    format: 'jsonl',
    code: 'unreadable_file',
    write: (dir) => zipped(dir, 'patients.jsonl.gz', times('{"patient_id":"a","birth_year":1950,"sex":"m"}\n', GB)),
  },
  {
    what: 'brackets deep in one line after another',
    format: 'jsonl',
    code: 'missing_file',
    write: (dir) => plain(dir, 'patients.jsonl', times(`{"patient_id":${'['.repeat(10_000)}\n`, 20 << 20)),
  },
  {
    what: 'a sheet of two million rows of one letter',
    format: 'xlsx',
    code: 'unreadable_file',
    write: (dir) =>
      sheetOf(dir, times('<row><c t="inlineStr"><is><t>a</t></is></c></row>', 100 << 20, '<worksheet><sheetData>')),
  },
  {
    what: 'one text of 60 MB',
    format: 'xlsx',
    code: 'unreadable_file',
    write: (dir) => sheetOf(dir, times('x', 60 << 20, '<worksheet><sheetData><row><c t="inlineStr"><is><t>')),
  },
  {
    what: 'elements that are never closed',
    format: 'xlsx',
    code: 'unreadable_file',
    write: (dir) => sheetOf(dir, times('<row>', 20 << 20, '<worksheet><sheetData>')),
  },
  {
    what: 'a sparse file of 1 GB',
    format: 'parquet',
    code: 'unreadable_file',
    write: async (dir) => {
      const file = await open(join(dir, 'patients.parquet'), 'w')
      await file.truncate(GB)
      await file.close()
      return dir
    },
  },
  {
    what: 'a line of 1 GB, zipped',
    format: 'his',
    code: 'unreadable_file',
    write: (dir) =>
      zipped(dir, 'extract.csv.gz', times('x', GB, 'Patientnummer;Peildatum;Praktijk;Geboortedatum;Geslacht\n')),
  },
]

/** @returns a line about it */
export async function exhaust(
  store: Store,
  { what, format, code, write }: Exhausting,
  account: Account,
): Promise<string> {
  const place = await mkdtemp(join(tmpdir(), 'large-'))
  try {
    const dir = join(place, 'source')
    await mkdir(dir)
    const order = {
      dir: await write(dir),
      region: 'exhausting',
      maxRejects: 1,
      rejectsPath: join(place, 'out', 'rejects.csv'),
    }
    const facts = await factsIn(store)
    const memory = peak()
    const start = performance.now()
    const { outcome: refusal, held } = await timed(() =>
      (format === 'csv' ? importDataset(store, order) : importConverted(store, format, order)).then(
        () => new Error('it was imported'),
        (error: Error) => error,
      ),
    )
    const more = memory.stop()
    const seconds = (performance.now() - start) / 1000
    const summary = `${format}: ${what}: ${refusal.message.slice(0, 160)} (${seconds.toFixed(1)} s, ${more} MB more, held ${held.toFixed(1)} s)`
    const sound = refusal instanceof Refusal && refusal.code === code && refusal.message.length < 2000
    if (sound && more <= mostMemory && held <= longestHold && changedBetween(facts, await factsIn(store)).length === 0)
      account.add(format, refusal.code)
    else account.failures.push({ seed: what, drawn: null, why: summary })
    return summary
  } finally {
    await rm(place, { recursive: true, force: true })
  }
}

/** The largest memory from here on, in MB above where it is now. */
function peak(): { stop(): number } {
  globalThis.gc?.()
  const start = process.memoryUsage.rss()
  let most = start
  const look = () => (most = Math.max(most, process.memoryUsage.rss()))
  const timer = setInterval(look, 20)
  return {
    stop: () => {
      clearInterval(timer)
      look()
      return Math.round((most - start) / 2 ** 20)
    },
  }
}
