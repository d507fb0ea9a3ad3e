/** Codes of practices and insurers in an extract whose leading zero a spreadsheet took: read with it where the whole extract shows which. */
import { readRows } from '../../files/table-rows.ts'
import type { TableFile } from '../../files/table-rows.ts'
import type { Layout } from './layout.ts'

/** What a code is, and how that is known: a note, or blank where it is as written. */
export interface CodeRead {
  readonly code: string
  readonly note: string
}

export class LostZeros {
  private readonly codes = new Set<string>()
  private leading = 0

  /** @param length of a whole code */
  constructor(
    private readonly what: string,
    private readonly length: number,
  ) {}

  see(code: string): void {
    if (!/^\d+$/.test(code)) return
    if (code.length === this.length && code.startsWith('0')) this.leading++
    this.codes.add(code)
  }

  read(code: string): CodeRead {
    if (code.length !== this.length - 1 || !/^\d+$/.test(code)) return { code, note: '' }
    const padded = `0${code}`
    if (this.codes.has(padded))
      return { code: padded, note: `${this.what} without their leading zero, read as those that have it` }
    if (this.leading === 0)
      return { code: padded, note: `${this.what} whose leading zero was lost throughout the extract, read with it` }
    return { code, note: `${this.what} a digit short, kept as they stand: none has them with a leading zero` }
  }
}

export interface ExtractCodes {
  readonly practices: LostZeros
  readonly insurers: LostZeros
}

/** Reads every code of the extracts before a row is read. */
export async function surveyCodes(files: readonly TableFile[], layout: Layout): Promise<ExtractCodes> {
  const found = { practices: new LostZeros('practice codes', 8), insurers: new LostZeros('insurer codes', 4) }
  for (const file of files)
    await readRows(file, null, {
      wanted: [layout.patient, layout.peildatum],
      onRow: (row) => {
        found.practices.see(row(layout.practice))
        found.insurers.see(row(layout.insurer))
      },
      malformed: () => undefined,
      flush: () => Promise.resolve(),
    })
  return found
}
