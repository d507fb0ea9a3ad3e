/** A self-contained page: one file, no script, no request. */
import type { Lang } from '../words/format.ts'
import { markup, raw, type Html } from './html.ts'
import { STYLE } from './style.ts'

export interface Section {
  readonly id: string
  readonly title: string
  readonly body: Html
}

export interface Page {
  readonly lang: Lang
  /** of the window */
  readonly title: string
  /** what the link past the cover says */
  readonly skip: string
  readonly cover: Html
  /** what stands before the sections */
  readonly lead: Html
  readonly sections: readonly Section[]
  /** what every printed page says at its foot: state and version */
  readonly foot?: string
}

/** The whole page as HTML text. */
export const pageOf = ({ lang, title, skip, cover, lead, sections, foot }: Page): string =>
  markup`<!doctype html>
    <html lang="${lang}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>${title}</title>
        <style>
          ${raw(STYLE)}
          ${foot === undefined ? null : raw(printedFoot(foot))}
        </style>
      </head>
      <body>
        <a class="skip" href="#content">${skip}</a>
        <header class="cover">
          <div class="frame">${cover}</div>
        </header>
        <main id="content" class="frame">
          ${lead}
          ${sections.map(
            ({ id, title: heading, body }) =>
              markup`<section id="${id}" aria-labelledby="${id}-title">
                <h2 id="${id}-title">${heading}</h2>
                ${body}
              </section> `,
          )}
        </main>
      </body>
    </html> `.text

/** The foot of every printed page, and its number. */
const printedFoot = (foot: string): string =>
  `@media print{@page{@bottom-left{content:"${cssText(foot)}";font:8pt Arial,sans-serif;color:#55616b}@bottom-right{content:counter(page) " / " counter(pages);font:8pt Arial,sans-serif;color:#55616b}}}`

/** Text within quotes of a style sheet: every character but plain ones by its number, so that none ends the text or the sheet. */
const cssText = (text: string): string =>
  text.replace(/[^A-Za-z0-9 .,]/gu, (c) => `\\${(c.codePointAt(0) ?? 0).toString(16)} `)
