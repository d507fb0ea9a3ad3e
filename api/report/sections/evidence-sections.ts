/** The evidence behind the amounts: gates, exclusions, hashes. */
import type { Gate } from '../../../engine/contract/contract.ts'
import { foldedReasons } from '../../../engine/disclosure/small-groups.ts'
import type { PartnerStatement } from '../../../engine/settlement/statement.ts'
import { markup, type Html } from '../elements/html.ts'
import { numeric, tableOf, text, type Row } from '../elements/table.ts'
import { measuredShareText, type View } from '../elements/view.ts'

/** Built-in gates whose figure is a share of people. */
const PEOPLE_SHARES = new Set(['min_measured_share', 'max_left_share'])

export function gates(view: View): Html {
  const { contract, words, format, panels } = view
  if (contract.gates.length === 0) return markup`<p>${words.gatesNone}</p>`
  const rows: Row[] = panels.shown.flatMap((partner) =>
    partner.gates.map((found, i) => ({
      cells: [
        view.nameOf(partner.partner_id),
        words.gateNames[found.gate] ?? found.gate,
        requirementText(view, contract.gates[i]),
        evidenceText(view, partner, found),
        found.passed ? words.passed : markup`<strong class="fail">${words.failed}</strong>`,
        format.percent(found.weight),
      ],
    })),
  )
  const columns = [
    ...[words.partner, words.gate, words.required, words.found, words.verdict].map(text),
    numeric(words.weight),
  ]
  return markup`<p>${words.gatesIntro}</p>
    ${tableOf(words.gatesTitle, columns, rows)}`
}

const shareOrNumber = (view: View, gate: string, value: number): string =>
  PEOPLE_SHARES.has(gate) ? view.format.percent(value) : view.format.number(value, Number.isInteger(value) ? 0 : 2)

function requirementText(view: View, gate: Gate | undefined): string {
  if (!gate) return '–'
  const { rule } = gate
  if ('equals' in rule) return view.words.equals(rule.equals)
  return 'atLeast' in rule
    ? view.words.atLeast(shareOrNumber(view, gate.gate, rule.atLeast))
    : view.words.atMost(shareOrNumber(view, gate.gate, rule.atMost))
}

/** The evidence as it may be told: a share of people never tells of fewer than ten. */
function evidenceText(view: View, partner: PartnerStatement, found: PartnerStatement['gates'][number]): string {
  if (found.evidence === null) return view.words.noEvidence
  const value = Number(found.evidence)
  if (found.evidence.trim() === '' || !Number.isFinite(value)) return found.evidence
  if (found.gate === 'min_measured_share') {
    const smallest = [...partner.outcomes].sort((a, b) => a.measured * b.eligible - b.measured * a.eligible)[0]
    return smallest ? measuredShareText(view, smallest.measured, smallest.eligible) : '–'
  }
  if (found.gate === 'max_left_share') return leftShareText(view, partner.eligible, value)
  return shareOrNumber(view, found.gate, value)
}

/** left / (eligible + left) = share, so left = share * eligible / (1 - share). */
function leftShareText(view: View, eligible: number, share: number): string {
  if (share >= 1) return '–'
  const left = Math.round((share * eligible) / (1 - share))
  return measuredShareText(view, left, eligible + left)
}

export function excluded(view: View): Html {
  const { settlement, words, format } = view
  const rows = foldedReasons(settlement.excluded)
  if (rows.length === 0) return markup`<p>${words.excludedNone}</p>`
  return markup`<p>${words.excludedIntro}</p>
    ${tableOf(
      words.excludedTitle,
      [text(words.reason), numeric(words.patients)],
      rows.map(({ reasons, patients }) => ({
        cells: [
          reasons.map((reason) => words.exclusions[reason] ?? reason).join('; '),
          patients === null ? words.fewerThanTen : format.count(patients),
        ],
      })),
    )}`
}

/** The marks that pin down what the statement rests on. */
export function source(view: View): Html {
  const { settlement, words } = view
  const marks: readonly (readonly [string, string])[] = [
    [words.settlementId, settlement.settlement_id],
    [words.contractId, settlement.contract],
    [words.contractHash, settlement.contract_sha256],
    [words.datasetHash, settlement.dataset_sha256],
    ...Object.entries(settlement.model_ids).map(
      ([measure, id]) => [words.modelHash(view.titleOf(measure)), id ?? '–'] as const,
    ),
    [words.engineVersion, settlement.engine_version],
  ]
  return markup`<p>${words.sourceIntro}</p>
    <dl class="marks">
      ${marks.map(
        ([name, value]) =>
          markup`<div>
            <dt>${name}</dt>
            <dd><code>${value}</code></dd>
          </div>`,
      )}
    </dl>`
}

export const glossary = ({ words }: View): Html =>
  markup`<dl class="terms">
    ${words.glossary.map(
      ([term, meaning]) =>
        markup`<div>
          <dt>${term}</dt>
          <dd>${meaning}</dd>
        </div>`,
    )}
  </dl>`
