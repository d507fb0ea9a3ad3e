/** Forms: they work without script, are carried out once however often they are sent, and what is typed in them is kept in the browser. */
import { randomUUID } from 'node:crypto'
import { markup, type Content, type Html } from '../../report/elements/html.ts'
import { KEY_FIELD } from '../define.ts'

export interface Form {
  /** unique among the forms of the page: what is typed is kept under it */
  readonly id: string
  readonly action: string
  readonly fields: Content
  readonly button: string
  /** read aloud with the button where it alone does not say what happens */
  readonly label?: string
}

/** Every form has a key of its own: sent twice it acts once. */
export function formOf({ id, action, fields, button, label }: Form): Html {
  return markup`<form method="post" action="${action}" id="${id}" data-draft="${id}"${label ? markup` aria-label="${label}"` : null}>
<input type="hidden" name="${KEY_FIELD}" value="${randomUUID()}">
${fields}
<button>${button}</button>
</form>`
}

export interface Field {
  readonly name: string
  /** where several forms of a page have a field of the name; left out: the name */
  readonly id?: string
  readonly label: string
  readonly value?: string
  readonly hint?: string
  readonly type?: 'text' | 'date' | 'number' | 'search'
  readonly required?: boolean
  /** rows of a longer text */
  readonly rows?: number
  /** what can be chosen: value and words */
  readonly options?: readonly (readonly [string, string])[]
}

export function fieldOf({
  name,
  id = name,
  label,
  value = '',
  hint,
  type = 'text',
  required = false,
  rows,
  options,
}: Field): Html {
  const about = hint === undefined ? null : markup` aria-describedby="${id}-hint"`
  const must = required ? markup` required` : null
  const input = options
    ? markup`<select id="${id}" name="${name}"${must}${about}>${options.map(
        ([of, words]) => markup`<option value="${of}"${of === value ? markup` selected` : null}>${words}</option>`,
      )}</select>`
    : rows === undefined
      ? markup`<input id="${id}" name="${name}" type="${type}" value="${value}"${must}${about}${type === 'number' ? markup` step="any"` : null}>`
      : markup`<textarea id="${id}" name="${name}" rows="${rows}" spellcheck="false"${must}${about}>${value}</textarea>`
  return markup`<div class="field"><label for="${id}">${label}</label>${input}
${hint === undefined ? null : markup`<p class="hint" id="${id}-hint">${hint}</p>`}</div>`
}

/** A box to tick; what is sent with it is `yes`. */
export function checkOf({
  name,
  label,
  isChecked = false,
}: {
  readonly name: string
  readonly label: string
  readonly isChecked?: boolean
}): Html {
  return markup`<div class="check"><input type="checkbox" id="${name}" name="${name}" value="yes"${isChecked ? markup` checked` : null}>
<label for="${name}">${label}</label></div>`
}
