/** `winst frame`: the partners and outcomes of a settlement as danfojs frames, printed or written to a file. */
import { extname } from 'node:path'
import type { DataFrame } from 'danfojs-node'
import { writePrivateFile } from '../../../data/files/private-file.ts'
import { danfo, rowsOf } from '../../../data/frames/frame.ts'
import { FRAME_FORMATS, writeFrame, type FrameFormat } from '../../../data/frames/written-frame.ts'
import { Refusal } from '../../../engine/kernel/refusal.ts'
import { TABLES, type Table } from '../../views/settlement-tables.ts'
import { notebookOf, readerAtHand, type Notebook } from '../notebook.ts'
import { printedFrame } from '../printed-frame.ts'
import type { Verb } from '../verb.ts'
import type { Terminal } from '../terminal.ts'
import { withStore } from './local-services.ts'

export interface FrameOptions {
  readonly settlement: string
  readonly table?: Table
  readonly out?: string
}

export const frameVerb: Verb<FrameOptions> = ({ settlement, table, out }, { terminal }) =>
  withStore(async (store) => {
    // Refused before anything is read.
    const format = out === undefined ? null : formatOf(out)
    await danfo()
    const notebook = notebookOf(store, await readerAtHand(store))
    if (out === undefined || format === null)
      return {
        settlement_id: settlement,
        tables: await shown(notebook, settlement, table ? [table] : TABLES, terminal),
      }
    const of = table ?? 'partners'
    const frame = await notebook.frame(settlement, of)
    await writePrivateFile(out, async (to) => writeFrame(frame, format, to))
    const [rows] = frame.shape
    terminal.line(`${out}: ${of}, ${rows} rows`)
    return { settlement_id: settlement, table: of, file: out, rows }
  })

async function shown(notebook: Notebook, settlement: string, tables: readonly Table[], terminal: Terminal) {
  const documents: Partial<Record<Table, { rows: unknown; description: unknown }>> = {}
  const print = (title: string, frame: DataFrame) =>
    terminal.line(`${title}\n${printedFrame(frame, process.stdout.columns)}`)
  for (const table of tables) {
    const frame = await notebook.frame(settlement, table)
    const description = await notebook.describe(frame)
    print(table, frame)
    print(`${table}, described`, description)
    documents[table] = { rows: rowsOf(frame), description: rowsOf(description) }
  }
  return documents
}

/** The format that a file's name asks for.
 *  @throws Refusal `usage` */
function formatOf(out: string): FrameFormat {
  const end = extname(out).slice(1).toLowerCase()
  const known = FRAME_FORMATS.find((format) => format === end)
  if (known) return known
  throw new Refusal(
    'usage',
    `--out ${out}: it should end in ${FRAME_FORMATS.map((each) => `.${each}`).join(' or ')}.`,
    {
      out,
    },
  )
}
