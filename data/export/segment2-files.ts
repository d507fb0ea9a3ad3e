/** The files of a declaration of segment 2: for each insurer a message in the layout of declarations.yaml, and its lines as CSV; and who does not count. */
import { join } from 'node:path'
import { writeFile } from 'node:fs/promises'
import type { Pool } from 'pg'
import type { DeclaredLine } from '../../engine/bundled/declaration.ts'
import type { Day } from '../../engine/kernel/calendar.ts'
import { makePrivateDirectory, PRIVATE_FILE } from '../files/private-file.ts'
import type { Uncounted } from '../segment2/counting.ts'
import { recordWriter, sideOf } from './declarations.ts'

export interface DeclarationFiles {
  readonly regionId: number
  readonly asOf: Day
  readonly dir: string
  readonly lines: readonly DeclaredLine[]
  /** the code of what is declared; '': not known */
  readonly code: string
  readonly uncounted: readonly Uncounted[]
}

/** Writes them; same lines, same bytes. @returns their names */
export async function writeDeclarationFiles(store: { readonly pool: Pool }, of: DeclarationFiles): Promise<string[]> {
  await makePrivateDirectory(of.dir)
  const { rows } = await store.pool.query<{ partner_id: string; agb: string | null }>(
    'select partner_id, agb from partner_known($1, $2)',
    [of.regionId, of.asOf],
  )
  const agbOf = new Map(rows.map(({ partner_id, agb }) => [partner_id, agb ?? '']))
  const write = await recordWriter()
  const insurers = [...new Set(of.lines.map(({ insurer }) => insurer))].sort()
  const files: (readonly [string, string])[] = insurers.flatMap((insurer) => {
    const own = of.lines.filter((line) => line.insurer === insurer)
    return [
      [`declaration-${insurer}.txt`, messageOf(own, of, agbOf, write)] as const,
      [
        `declaration-${insurer}.csv`,
        csvOf(
          LINE_COLUMNS,
          own.map((line) => lineCells(line, of.code)),
        ),
      ] as const,
    ]
  })
  const cells = of.uncounted.map((each) => [
    each.partner,
    each.practice,
    each.patientId,
    each.quarterDay,
    each.reason,
    each.detail,
  ])
  files.push(['not-counted.csv', csvOf('partner_id,practice_id,patient_id,quarter_day,reason,detail', cells)])
  for (const [name, text] of files) await writeFile(join(of.dir, name), text, { mode: PRIVATE_FILE })
  return files.map(([name]) => name)
}

function messageOf(
  lines: readonly DeclaredLine[],
  { asOf, code }: DeclarationFiles,
  agbOf: ReadonlyMap<string, string>,
  write: Awaited<ReturnType<typeof recordWriter>>,
): string {
  const records = lines.flatMap((line, at) => {
    const sequence = String(at + 1)
    const record = write('04', {
      sequence,
      insurer: line.insurer,
      agb: agbOf.get(line.practice) ?? '',
      patient_id: line.patientId,
      code,
      performed_on: line.quarterDay,
      quantity_thousandths: '1000',
      amount_cents: String(line.cents),
      debit_credit: line.credits === null ? 'D' : 'C',
      claim_id: line.lineId,
      setting: '',
    })
    return line.credits === null ? [record] : [record, write('05', { sequence, credits: line.credits })]
  })
  const balance = BigInt(lines.reduce((sum, { cents }) => sum + cents, 0))
  const end = { sequence: String(lines.length), balance_cents: String(balance), balance_side: sideOf(balance) }
  return [write('01', { as_of: asOf }), write('98', {}), ...records, write('99', end)].join('')
}

const LINE_COLUMNS = 'declaration_line,contract,programme,quarter_day,patient_id,practice_id,insurer,code,cents,credits'

const lineCells = (line: DeclaredLine, code: string): readonly string[] => [
  line.lineId,
  line.contract,
  line.programme,
  line.quarterDay,
  line.patientId,
  line.practice,
  line.insurer,
  code,
  String(line.cents),
  line.credits ?? '',
]

const csvOf = (header: string, rows: readonly (readonly string[])[]): string =>
  [header, ...rows.map((cells) => cells.map(quoted).join(','))].join('\n') + '\n'

const quoted = (cell: string): string => (/[",\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)
