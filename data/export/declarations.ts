/** The claims of a region as a declaration file: fixed positions, by a layout that is data (declarations.yaml) and no official one. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { invariant, Refusal } from '../../engine/kernel/refusal.ts'
import { yamlDocument } from '../yaml/yaml-document.ts'
import { readFacts } from './facts/facts.ts'
import { GrowingFile } from './facts/growing-file.ts'
import type { ExportOf, Written } from './facts/order.ts'

type Kind = 'text' | 'number' | 'cents' | 'day'

interface Field {
  readonly name: string
  readonly length: number
  readonly kind: Kind
  /** a name of what is known of the record, or a text in quotes */
  readonly from: string
}

interface Layout {
  readonly length: number
  readonly records: Readonly<Record<string, readonly Field[]>>
}

/** What a record may be written from. */
type Known = Readonly<Record<string, string>>

const layoutFile = fileURLToPath(new URL('declarations.yaml', import.meta.url))

/** The text of one record of the layout, by what is known of it. @throws Refusal `too_long` */
export type RecordWriter = (record: string, known: Known) => string

export async function recordWriter(): Promise<RecordWriter> {
  const layout = yamlDocument(await readFile(layoutFile, 'utf8'), 'declarations.yaml') as Layout
  return (record, known) => `${lineOf(layout, record, known)}\r\n`
}

/** @returns the rows of the file  @throws Refusal `too_long` of a value that its position cannot hold: nothing is cut off */
export async function writeDeclarations(of: ExportOf): Promise<Written[]> {
  const write = await recordWriter()
  const file = `declarations.txt${of.gzip ? '.gz' : ''}`
  const out = new GrowingFile(join(of.dir, file))
  const put = (record: string, known: Known) => out.add(write(record, known))
  const insurerOf = await columnBy(of, 'patients', 0, 4)
  const agbOf = await columnBy(of, 'partners', 0, 3)
  put('01', { as_of: of.asOf })
  put('98', {})
  let [sequence, balance] = [0, 0n]
  await readFacts(
    of.client,
    of,
    'claims',
    ([claim, patient, partner, on, code, quantity, euros, setting]) => {
      const cents = BigInt(euros!.replace('.', ''))
      balance += cents
      put('04', {
        sequence: String(++sequence),
        insurer: insurerOf.get(patient!) ?? '',
        agb: agbOf.get(partner!) ?? '',
        patient_id: patient!,
        code: code!,
        performed_on: on!,
        quantity_thousandths: String(Math.round(Number(quantity) * 1000)),
        amount_cents: String(cents),
        debit_credit: sideOf(cents),
        claim_id: claim!,
        setting: setting!,
      })
    },
    () => out.breathe(),
  )
  put('99', { sequence: String(sequence), balance_cents: String(balance), balance_side: sideOf(balance) })
  return [{ file, rows: await out.close() }]
}

export const sideOf = (cents: bigint): string => (cents < 0n ? 'C' : 'D')

async function columnBy(of: ExportOf, name: 'patients' | 'partners', key: number, value: number) {
  const column = new Map<string, string>()
  await readFacts(of.client, of, name, (row) => column.set(row[key]!, row[value]!))
  return column as ReadonlyMap<string, string>
}

function lineOf({ length, records }: Layout, record: string, known: Known): string {
  const fields = records[record]
  invariant(fields, `the layout has a record ${record}`)
  return fields
    .map((field) => written(field, record, known))
    .join('')
    .padEnd(length)
}

function written({ name, length, kind, from }: Field, record: string, known: Known): string {
  const quoted = /^'(.*)'$/.exec(from)?.[1]
  const value = quoted ?? known[from]
  invariant(value !== undefined, `record ${record} knows ${from}`)
  const text = kind === 'day' ? value.replaceAll('-', '') : kind === 'cents' ? value.replace('-', '') : asciiOf(value)
  if (text.length > length)
    throw new Refusal(
      'too_long',
      `Declaration file, record ${record}, ${name}: "${text}" has ${text.length} characters and its position holds ${length}; widen it in declarations.yaml.`,
      { record, field: name },
    )
  return kind === 'text' ? text.padEnd(length) : text.padStart(length, '0')
}

/** Letters without their accents; what has no ASCII becomes a question mark. */
const asciiOf = (text: string): string =>
  text
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^\x20-\x7e]/g, '?')
