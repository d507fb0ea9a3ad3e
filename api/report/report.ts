/** report.html: the statement a board reads. One file, no script, no request; the same input gives the same bytes. */
import { difference, differenceTitle } from './difference-section.ts'
import { excluded, gates, glossary, source } from './evidence-sections.ts'
import { gains, steps } from './gain-sections.ts'
import { markup, raw, type Html } from './html.ts'
import { gaming, gamingTitle } from './gaming-section.ts'
import { limits } from './limits-section.ts'
import { models } from './model-section.ts'
import { comparison, division, headline, payments } from './payment-sections.ts'
import { rounding, roundingTitle } from './rounding-section.ts'
import { heldNotice } from './registry-section.ts'
import { STYLE } from './style.ts'
import { tipping, tippingTitle } from './tipping-section.ts'
import { viewOf, type ReportInput, type View } from './view.ts'

interface Section {
  readonly id: string
  readonly title: string
  readonly body: (view: View) => Html
}

const sectionsOf = (view: View, { words } = view): readonly Section[] => [
  { id: 'payment', title: words.paymentTitle, body: payments },
  { id: 'tipping', title: tippingTitle(view), body: tipping },
  { id: 'limits', title: words.limitsTitle, body: limits },
  { id: 'gain', title: words.gainTitle, body: gains },
  { id: 'steps', title: words.stepsTitle, body: steps },
  { id: 'division', title: words.insurersTitle, body: division },
  { id: 'rounding', title: roundingTitle(view), body: rounding },
  ...(view.difference ? [{ id: 'difference', title: differenceTitle(view), body: difference }] : []),
  { id: 'comparison', title: words.comparisonTitle, body: comparison },
  { id: 'gates', title: words.gatesTitle, body: gates },
  ...(view.signals.length > 0 ? [{ id: 'gaming', title: gamingTitle(view), body: gaming }] : []),
  { id: 'excluded', title: words.excludedTitle, body: excluded },
  { id: 'model', title: words.modelTitle, body: models },
  { id: 'source', title: words.sourceTitle, body: source },
  { id: 'glossary', title: words.glossaryTitle, body: glossary },
]

/** The whole statement as HTML text. Every text from outside is escaped; panels too small to hide in are folded together. */
export function reportOf(input: ReportInput): string {
  const view = viewOf(input)
  const { contract, words, format } = view
  const sections = sectionsOf(view)
  const range = (period: { readonly start: string; readonly end: string }): string =>
    `${format.day(period.start)} ${words.until} ${format.day(period.end)}`
  const page = markup`<!doctype html>
    <html lang="${view.lang}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>${words.statement}: ${contract.title}</title>
        <style>
          ${raw(STYLE)}
        </style>
      </head>
      <body>
        <a class="skip" href="#content">${words.skip}</a>
        <header class="cover">
          <div class="frame">
            <span class="badge">${words[view.status]} · ${words.states[view.state]}</span>
            <h1>${words.statement}<br />${contract.title}</h1>
            <p>${words.programme}: ${view.programme.title[view.lang]} · ${words.period}: ${range(contract.period)}</p>
            <p>
              ${words.reference}: ${range(contract.reference)} · ${words.asOf}: ${format.day(view.settlement.as_of)}
            </p>
          </div>
        </header>
        <main id="content" class="frame">
          ${heldNotice(view)} ${headline(view)}
          <nav aria-label="${words.contents}">
            <ol>
              ${sections.map(({ id, title }) => markup`<li><a href="#${id}">${title}</a></li>`)}
            </ol>
          </nav>
          ${sections.map(
            ({ id, title, body }) =>
              markup`<section id="${id}" aria-labelledby="${id}-title">
                <h2 id="${id}-title">${title}</h2>
                ${body(view)}
              </section> `,
          )}
        </main>
      </body>
    </html> `
  return page.text
}
