/** The form with which a partner makes a link for its board. */
import { BOARD_DAYS } from '../../../../data/access/board-statements.ts'
import type { Identity } from '../../../../data/access/keys.ts'
import { markup, type Html } from '../../../report/elements/html.ts'
import type { Format } from '../../../report/words/format.ts'
import { fieldOf, formOf } from '../../elements/form.ts'
import { boardWords } from '../../words/board.ts'

/** For the partner itself, with a key that may act. */
export function boardForm(at: string, { role, scope }: Identity, format: Format): Html | null {
  if (role !== 'partner' || scope !== 'act') return null
  const words = boardWords[format.lang]
  const days = fieldOf({ name: 'days', label: words.days, options: BOARD_DAYS.map((n) => [String(n), words.for(n)]) })
  return markup`<section class="card"><h2 id="board">${words.title}</h2><p>${words.about}</p>
${formOf({ id: 'board-link', action: `${at}/board`, fields: days, button: words.make })}</section>`
}
