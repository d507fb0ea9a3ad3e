/** A receipt as text for a terminal. */
import type { ReceiptStep } from '../../../engine/explain/receipt.ts'
import type { PatientReceipt } from '../../../engine/explain/patient-receipt.ts'
import type { Receipt, UsedRow } from './receipt.ts'

const said = (value: number | string | null): string =>
  typeof value === 'number' ? (Number.isInteger(value) ? String(value) : value.toPrecision(8)) : (value ?? '–')

const stepLine = ({ step, method, clause, formula, numbers, result, unit }: ReceiptStep): string => {
  const given = Object.entries(numbers).map(([name, value]) => `${name} = ${said(value)}`)
  return [
    `  ${step.padEnd(14)} ${said(result).padStart(14)} ${unit}`,
    `${' '.repeat(17)}${formula}${given.length > 0 ? `; ${given.join(', ')}` : ''}`,
    `${' '.repeat(17)}method ${method}${clause === '' ? '' : `; contract: ${clause}`}`,
  ].join('\n')
}

const euros = (eur: number): string => `${eur.toFixed(4)} EUR`

const patientLines = (patient: PatientReceipt): string => {
  const { measure, status, formula, contribution, value_eur, payment_eur } = patient
  const { mean, sd, expected_value, realised, realised_on, realised_value, gain } = patient
  const { measured_probability: pi, imputed_gain: m } = patient
  const expected = `expected ${said(mean)} ± ${said(sd)} (h ${said(expected_value)})`
  const happened =
    realised === null ? status : `realised ${said(realised)} on ${realised_on} (h ${said(realised_value)})`
  return [
    `  ${patient.patient_id} ${measure}, from ${patient.index_on}, ${patient.practice_id}, insurer ${patient.insurer || 'unknown'}`,
    `    ${expected}; ${happened}; gain ${said(gain)}`,
    `    ${formula}: pi = ${said(pi)}, m = ${said(m)}, A = ${said(contribution)}`,
    `    value ${euros(value_eur)}, payment ${euros(payment_eur)}`,
  ].join('\n')
}

const rowLine = ({ used_as, file, line, deliveredOn, table, values }: UsedRow): string => {
  const cells = Object.entries(values)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name} ${value}`)
  return `  ${used_as.padEnd(9)} ${file ?? table}:${line} (delivered ${deliveredOn})  ${cells.join(', ')}`
}

/** The receipt, from the payment down. */
export function receiptText(receipt: Receipt): string {
  const { partner_id, payment_cents, reason, contract, settlement_id, outcomes } = receipt
  const { payment, rounding, adds_up, patients, rows } = receipt
  const models = outcomes.map(({ measure, model_id }) => `${measure}: model ${model_id ?? '–'}`)
  return [
    `${partner_id}: ${(payment_cents / 100).toFixed(2)} EUR${reason === null ? '' : ` (${reason})`} under ${contract}, as known on ${receipt.as_of}`,
    `settlement ${settlement_id}`,
    `engine ${receipt.engine_version}, data ${receipt.dataset_sha256}, contract ${receipt.contract_sha256}`,
    ...models,
    ...outcomes.flatMap(({ measure, steps }) => [
      '',
      `${measure}: from contributions to worth`,
      ...steps.map(stepLine),
    ]),
    '',
    'From worth to cents',
    ...payment.map(stepLine),
    '',
    'How it was rounded and split',
    ...rounding.en.map((sentence) => `  ${sentence}`),
    '',
    'The payment adds up (slope of the payment times each part; errors, credibility and dead band as they stand)',
    ...adds_up.map(
      ({ item, measure, eur }) => `  ${`${item}${measure === null ? '' : ` ${measure}`}`.padEnd(28)} ${euros(eur)}`,
    ),
    '',
    `Patients: what each contribution is of the value, and of the payment`,
    ...patients.map(patientLines),
    ...(rows ? ['', 'The rows that this came from, with file and line', ...rows.map(rowLine)] : []),
    '',
  ].join('\n')
}
