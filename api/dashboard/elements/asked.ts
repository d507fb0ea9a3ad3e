/** What is asked of the reader: a line each, that leads to where it is done. */
import { markup, type Content, type Html } from '../../report/elements/html.ts'

export interface AskedLine {
  readonly what: string
  readonly href: string
  /** what it is about, or why it matters */
  readonly about?: Content
}

export const askedOf = (lines: readonly AskedLine[]): Html =>
  markup`<ul class="asked">${lines.map(
    ({ what, href, about }) =>
      markup`<li><a href="${href}">${what}</a>${about === undefined ? null : markup`<small>${about}</small>`}</li>\n`,
  )}</ul>`
