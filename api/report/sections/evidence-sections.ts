/** The evidence behind the amounts: gates, exclusions, hashes. */
import type { Gate } from '../../../engine/contract/contract.ts'
import { disclosedShare, foldedReasons } from '../../../engine/disclosure/small-groups.ts'
import { decimalOf, roundedTo, type Decimal } from '../../../engine/kernel/decimal.ts'
import type { PartnerStatement } from '../../../engine/settlement/statement.ts'
import { markup, type Html } from '../elements/html.ts'
import { numeric, tableOf, text, type Row } from '../elements/table.ts'
import { inWords, measuredShareText, type View } from '../elements/view.ts'

/** Built-in gates whose figure is a share of people. */
const PEOPLE_SHARES = new Set(['min_measured_share', 'max_left_share', 'max_late_share'])
/** Built-in gates whose figure is a difference of such shares. */
const SHARES = new Set([...PEOPLE_SHARES, 'max_excess_missing'])

export function gates(view: View): Html {
  const { contract, words, format, panels } = view
  if (contract.gates.length === 0) return markup`<p>${words.gatesNone}</p>`
  const rows: Row[] = panels.shown.flatMap((partner) =>
    partner.gates.map((found, i) => ({
      cells: [
        view.nameOf(partner.partner_id),
        words.gateNames[found.gate] ?? inWords(found.gate),
        requirementText(view, contract.gates[i]),
        evidenceText(view, partner, found, contract.gates[i]),
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

function requirementText(view: View, gate: Gate | undefined): string {
  const limit = gate && limitOf(gate)
  if (!gate) return '–'
  if (limit === null || limit === undefined) return view.words.equals('equals' in gate.rule ? gate.rule.equals : '')
  const text = SHARES.has(gate.gate)
    ? `${view.format.decimal(hundredfold(limit), 'plain')}%`
    : view.format.decimal(decimalOf(limit), 'plain')
  return 'atLeast' in gate.rule ? view.words.atLeast(text) : view.words.atMost(text)
}

/** The bound of a gate; null where it asks for a text. */
const limitOf = ({ rule }: Gate): number | null =>
  'equals' in rule ? null : 'atLeast' in rule ? rule.atLeast : rule.atMost

function hundredfold(share: number): Decimal {
  const { digits, exponent } = decimalOf(share)
  return roundedTo({ digits, exponent: exponent + 2 }, Math.max(0, -exponent - 2))
}

/** The evidence as it may be told: a share of people never tells of fewer than ten. */
function evidenceText(
  view: View,
  partner: PartnerStatement,
  found: PartnerStatement['gates'][number],
  gate: Gate | undefined,
): string {
  const { format, words } = view
  if (found.evidence === null) return words.noEvidence
  const value = Number(found.evidence)
  if (found.evidence.trim() === '' || !Number.isFinite(value)) return words.equals(found.evidence)
  if (found.gate === 'min_measured_share') {
    const smallest = [...partner.outcomes].sort((a, b) => a.measured * b.eligible - b.measured * a.eligible)[0]
    return smallest ? peopleShareText(view, smallest.measured, smallest.eligible, gate) : '–'
  }
  if (PEOPLE_SHARES.has(found.gate)) return shareOfAllText(view, partner, found.gate, value, gate)
  if (SHARES.has(found.gate)) return percentBeside(view, value, gate)
  return format.decimal(decimalOf(value), 'plain')
}

/** left / (eligible + left) = share, so left = share * eligible / (1 - share); who came late is a share of all patients. */
function shareOfAllText(
  view: View,
  partner: PartnerStatement,
  name: string,
  share: number,
  gate: Gate | undefined,
): string {
  if (name === 'max_late_share')
    return peopleShareText(view, Math.round(share * partner.patients), partner.patients, gate)
  if (share >= 1) return '–'
  const left = Math.round((share * partner.eligible) / (1 - share))
  return peopleShareText(view, left, partner.eligible + left, gate)
}

function peopleShareText(view: View, part: number, whole: number, gate: Gate | undefined): string {
  const disclosed = disclosedShare(part, whole)
  return disclosed && 'share' in disclosed
    ? percentBeside(view, disclosed.share, gate)
    : measuredShareText(view, part, whole)
}

/** A percentage with as many decimals as tell it from what the gate requires: 69.6% where 70% is asked. */
function percentBeside({ format }: View, share: number, gate: Gate | undefined): string {
  const limit = gate ? limitOf(gate) : null
  const at = (x: number, decimals: number) => roundedTo(decimalOf(100 * x), decimals).digits
  const isApart = (decimals: number) => limit === null || share === limit || at(share, decimals) !== at(limit, decimals)
  const decimals = [0, 1, 2, 3, 4, 5].find(isApart) ?? 6
  return `${format.number(100 * share, decimals)}%`
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
