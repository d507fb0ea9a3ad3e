/** report.html: the statement a board reads. One file, no script, no request; the same input gives the same bytes. */
import { calculations, calculationTitle } from './sections/calculation-section.ts'
import { dependence, dependenceTitle } from './sections/dependence-section.ts'
import { difference, differenceTitle } from './sections/difference-section.ts'
import { excluded, gates, glossary, source } from './sections/evidence-sections.ts'
import { gains } from './sections/gain-sections.ts'
import { markup } from './elements/html.ts'
import { gaming, gamingTitle } from './sections/gaming-section.ts'
import { limits } from './sections/limits-section.ts'
import { models } from './sections/model-section.ts'
import { pageOf, type Section } from './elements/page.ts'
import { comparison, division, headline, payments } from './sections/payment-sections.ts'
import { rounding, roundingTitle } from './sections/rounding-section.ts'
import { heldNotice } from './sections/registry-section.ts'
import { tipping, tippingTitle } from './sections/tipping-section.ts'
import { years } from './sections/years-section.ts'
import { viewOf, type ReportInput, type View } from './elements/view.ts'

const sectionsOf = (view: View, { words } = view): readonly Section[] => [
  { id: 'payment', title: words.paymentTitle, body: payments(view) },
  ...(view.earlierYears.length > 0 ? [{ id: 'years', title: view.words.yearsTitle, body: years(view) }] : []),
  { id: 'dependence', title: dependenceTitle(view), body: dependence(view) },
  { id: 'tipping', title: tippingTitle(view), body: tipping(view) },
  { id: 'limits', title: words.limitsTitle, body: limits(view) },
  { id: 'gain', title: words.gainTitle, body: gains(view) },
  { id: 'steps', title: calculationTitle(view), body: calculations(view) },
  { id: 'division', title: words.insurersTitle, body: division(view) },
  { id: 'rounding', title: roundingTitle(view), body: rounding(view) },
  ...(view.difference ? [{ id: 'difference', title: differenceTitle(view), body: difference(view) }] : []),
  { id: 'comparison', title: words.comparisonTitle, body: comparison(view) },
  { id: 'gates', title: words.gatesTitle, body: gates(view) },
  ...(view.signals.length > 0 ? [{ id: 'gaming', title: gamingTitle(view), body: gaming(view) }] : []),
  { id: 'excluded', title: words.excludedTitle, body: excluded(view) },
  { id: 'model', title: words.modelTitle, body: models(view) },
  { id: 'source', title: words.sourceTitle, body: source(view) },
  { id: 'glossary', title: words.glossaryTitle, body: glossary(view) },
]

/** The whole statement as HTML text. Every text from outside is escaped; small panels are combined. */
export function reportOf(input: ReportInput): string {
  const view = viewOf(input)
  const { contract, words, format } = view
  const sections = sectionsOf(view)
  const range = (period: { readonly start: string; readonly end: string }): string =>
    `${format.day(period.start)} ${words.until} ${format.day(period.end)}`
  return pageOf({
    lang: view.lang,
    title: `${words.statement}: ${contract.title}`,
    skip: words.skip,
    cover: markup`
            <span class="badge">${words[view.status]} · ${words.states[view.state]}</span>
            <h1>${words.statement}<br />${contract.title}</h1>
            <p>${words.programme}: ${view.programme.title[view.lang]} · ${words.period}: ${range(contract.period)}</p>
            <p>
              ${words.reference}: ${range(contract.reference)} · ${words.asOf}: ${format.day(view.settlement.as_of)}
            </p>
          `,
    lead: markup`${heldNotice(view)} ${headline(view)}
          <nav aria-label="${words.contents}">
            <ol>
              ${sections.map(({ id, title }) => markup`<li><a href="#${id}">${title}</a></li>`)}
            </ol>
          </nav>`,
    sections,
    foot: [
      contract.title,
      `${words[view.status]}, ${words.states[view.state]}`,
      `${words.asOf} ${format.day(view.settlement.as_of)}`,
      `${words.version} ${view.settlement.engine_version}`,
      view.settlement.settlement_id.slice(0, 12),
    ].join(' · '),
  })
}
