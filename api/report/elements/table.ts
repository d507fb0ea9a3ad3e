/** Tables of the statement: a caption, headed columns, a headed row each. */
import { markup, type Content, type Html } from './html.ts'

export interface Column {
  readonly head: string
  /** numbers align to the right */
  readonly numeric?: boolean
}

export interface Row {
  /** the first cell heads its row */
  readonly cells: readonly Content[]
  readonly kind?: 'total' | 'folded' | 'group'
}

/** @param look a class of the style sheet */
export function tableOf(caption: string, columns: readonly Column[], rows: readonly Row[], look = ''): Html {
  const cellOf = (cell: Content, i: number): Html =>
    i === 0
      ? markup`<th scope="row">${cell}</th>`
      : markup`<td${columns[i]?.numeric ? markup` class="n"` : null}>${cell}</td>`
  return markup`<div class="scroll" role="region" tabindex="0" aria-label="${caption}">
    <table${look === '' ? null : markup` class="${look}"`}>
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          ${columns.map((column) => markup`<th scope="col" ${column.numeric ? markup` class="n"` : null}>${column.head}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map((row) =>
          row.kind === 'group'
            ? markup`<tr class="group"><th scope="rowgroup" colspan="${columns.length}">${row.cells[0]}</th></tr>
`
            : markup`<tr${row.kind ? markup` class="${row.kind}"` : null}>${row.cells.map(cellOf)}</tr>
`,
        )}
      </tbody>
    </table>
  </div>`
}

export const numeric = (head: string): Column => ({ head, numeric: true })
export const text = (head: string): Column => ({ head })
