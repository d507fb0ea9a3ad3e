/** HTML by template: every value is escaped unless it is HTML already, so that a name can never become markup. */

/** Markup that is safe to place in a page as it stands. */
export class Html {
  constructor(readonly text: string) {}
}

export type Content = Html | string | number | null | undefined | readonly Content[]

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Text as it may stand in an element or in a quoted attribute. Control characters have no place on a page: left out. */
export const escaped = (text: string): string =>
  // oxlint-disable-next-line no-control-regex
  text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, '').replace(/[&<>"']/g, (c) => ENTITIES[c] ?? c)

function markupOf(content: Content): string {
  if (content === null || content === undefined) return ''
  if (content instanceof Html) return content.text
  if (typeof content === 'string' || typeof content === 'number') return escaped(String(content))
  return content.map(markupOf).join('')
}

/** markup`<td>${name}</td>`: strings are escaped, Html passes, lists are joined, null is nothing. */
export function markup(parts: TemplateStringsArray, ...values: readonly Content[]): Html {
  let text = parts[0] ?? ''
  for (let i = 0; i < values.length; i++) text += markupOf(values[i]) + (parts[i + 1] ?? '')
  return new Html(text)
}

/** Trusted markup of our own making: a chart, the style sheet. */
export const raw = (text: string): Html => new Html(text)
