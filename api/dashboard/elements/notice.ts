/** A sentence that stands apart: what is wrong, what went well, what comes next where there is nothing yet. */
import { markup, type Content, type Html } from '../../report/elements/html.ts'

export function notice(kind: 'fault' | 'good' | 'empty' | 'warning', what: Content): Html {
  return markup`<div class="notice ${kind}"${kind === 'fault' ? markup` role="alert"` : null}>${what}</div>`
}
