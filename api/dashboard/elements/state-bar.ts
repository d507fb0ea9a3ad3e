/** The states of a settlement one after the other: which it has been through, by whom and when, and where it stands. */
import { markup, type Html } from '../../report/elements/html.ts'
import type { Lang } from '../../report/words/format.ts'
import { formatOf } from '../../report/words/format.ts'
import { frameWords } from '../words/frame.ts'
import { signatory } from './signatory.ts'

const STATES = ['prepared', 'reviewed', 'released', 'paid'] as const

export interface StateReached {
  readonly state: string
  readonly by: string
  readonly on: string
}

/** @param state where it stands; a rejected one shows what it had reached and that it was rejected */
export function stateBar(state: string, events: readonly StateReached[], lang: Lang): Html {
  const { states } = frameWords[lang]
  const format = formatOf(lang)
  const shown = state === 'rejected' ? [...STATES.slice(0, 2), 'rejected'] : STATES
  return markup`<ol class="states">${shown.map((each) => {
    const reached = events.findLast((event) => event.state === each)
    const current = each === state ? markup` aria-current="step"` : null
    return markup`<li class="${reached ? 'reached' : 'ahead'}"${current}><strong>${states[each] ?? each}</strong>
${reached ? markup`<small>${format.day(reached.on.slice(0, 10))}<br>${signatory(reached.by, lang)}</small>` : null}</li>`
  })}</ol>`
}
