/** Tables of the statement: a caption, headed columns, a headed row each. */
import { html, type Content, type Html } from './html.ts'

export interface Column {
  readonly head: string
  /** numbers align to the right */
  readonly numeric?: boolean
}

export interface Row {
  /** the first cell heads its row */
  readonly cells: readonly Content[]
  readonly kind?: 'total' | 'folded'
}

export function tableOf(caption: string, columns: readonly Column[], rows: readonly Row[]): Html {
  const cellOf = (cell: Content, i: number): Html =>
    i === 0
      ? html`<th scope="row">${cell}</th>`
      : html`<td${columns[i]?.numeric ? html` class="n"` : null}>${cell}</td>`
  return html`<div class="scroll" role="region" tabindex="0" aria-label="${caption}">
    <table>
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          ${columns.map((column) => html`<th scope="col" ${column.numeric ? html` class="n"` : null}>${column.head}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) => html`<tr${row.kind ? html` class="${row.kind}"` : null}>${row.cells.map(cellOf)}</tr>
`,
        )}
      </tbody>
    </table>
  </div>`
}

export const numeric = (head: string): Column => ({ head, numeric: true })
export const text = (head: string): Column => ({ head })
