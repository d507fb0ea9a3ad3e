/** Tables of the dashboard: a caption, headed columns, a headed row each, the total as control row, and the same as a file. */
import { markup, type Content, type Html } from '../../report/elements/html.ts'
import type { Format, Lang } from '../../report/words/format.ts'
import { cellText, isNumeric, type Sheet } from '../files/sheet.ts'
import { frameWords } from '../words/frame.ts'

export interface Column {
  readonly head: string
  /** numbers align to the right */
  readonly numeric?: boolean
}
export const text = (head: string): Column => ({ head })
export const numeric = (head: string): Column => ({ head, numeric: true })

export interface Table {
  readonly caption: string
  readonly columns: readonly Column[]
  /** the first cell of a row heads it */
  readonly rows: readonly (readonly Content[])[]
  /** sums of the columns, in the cells' order */
  readonly total?: readonly Content[]
  /** what stands in its place where there are no rows: what to do next */
  readonly empty?: Content
  /** addresses of the same rows as files */
  readonly files?: { readonly csv?: string; readonly xlsx?: string }
}

export function tableOf({ caption, columns, rows, total, empty, files }: Table, lang: Lang): Html {
  if (rows.length === 0 && empty !== undefined) return markup`<div class="notice empty">${empty}</div>`
  const cell = (content: Content, i: number): Html =>
    i === 0
      ? markup`<th scope="row">${content}</th>`
      : markup`<td${columns[i]?.numeric ? markup` class="n"` : null} data-head="${columns[i]?.head ?? ''}">${content}</td>`
  return markup`<div class="scroll" role="region" tabindex="0" aria-label="${caption}">
<table><caption>${caption}</caption>
<thead><tr>${columns.map(({ head, numeric }) => markup`<th scope="col"${numeric ? markup` class="n"` : null}>${head}</th>`)}</tr></thead>
<tbody>${rows.map((row) => markup`<tr>${row.map(cell)}</tr>\n`)}</tbody>
${total ? markup`<tfoot><tr class="total">${total.map(cell)}</tr></tfoot>` : null}
</table></div>${files ? fileLinks(files, lang) : null}`
}

/** How a page shows a sheet beyond its values. */
export interface SheetLook extends Pick<Table, 'empty' | 'files'> {
  /** another cell than the value's own text: with a link */
  readonly cell?: (row: number, column: number, text: string) => Content
}

/** A sheet as a table, each number as it stands in the files made of it. */
export function sheetTable(sheet: Sheet, format: Format, { cell = (_, __, of) => of, ...look }: SheetLook = {}): Html {
  const { caption, columns, rows, total } = sheet
  const shown = (row: number, values: Sheet['rows'][number]): Content[] =>
    columns.map((column, i) => cell(row, i, cellText(column, values[i] ?? null, format)))
  return tableOf(
    {
      caption,
      columns: columns.map((column) => ({ head: column.head, numeric: isNumeric(column) })),
      rows: rows.map((values, row) => shown(row, values)),
      ...(total ? { total: columns.map((column, i) => cellText(column, total[i] ?? null, format)) } : {}),
      ...look,
    },
    format.lang,
  )
}

/** Links to the same rows as files. */
function fileLinks({ csv, xlsx }: NonNullable<Table['files']>, lang: Lang): Html {
  const link = (href: string | undefined, kind: string): Html | null =>
    href === undefined ? null : markup`<a href="${href}" download>${frameWords[lang].download(kind)}</a> `
  return markup`<p class="files">${link(csv, 'CSV')}${link(xlsx, 'XLSX')}</p>`
}
