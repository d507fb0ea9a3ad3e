/** A table as the file that its address asks for. */
import { Refusal } from '../../../engine/kernel/refusal.ts'
import type { Lang } from '../../report/words/format.ts'
import { csvOf } from './csv.ts'
import type { Sheet } from './sheet.ts'
import { XLSX, xlsxOf } from './xlsx.ts'

/** @param kind csv or xlsx   @param name of the file, without its ending
 *  @throws Refusal `not_found` for any other kind */
export async function tableFile(
  sheet: Sheet,
  { kind, name, lang }: { readonly kind: string; readonly name: string; readonly lang: Lang },
): Promise<{ readonly type: string; readonly name: string; readonly bytes: Buffer }> {
  if (kind === 'csv') return { type: 'text/csv; charset=utf-8', name: `${name}.csv`, bytes: csvOf(sheet, lang) }
  if (kind === 'xlsx') return { type: XLSX, name: `${name}.xlsx`, bytes: await xlsxOf([sheet]) }
  throw new Refusal('not_found', `Tables are files of kind csv or xlsx, not ${JSON.stringify(kind.slice(0, 20))}.`)
}
