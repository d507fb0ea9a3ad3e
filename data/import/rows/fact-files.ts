/** The files of a dataset and their mapping to tables: columns, cells, table and key (interface.md 1). */
import { PARTNER_KINDS } from '../../../engine/contract/partner.ts'
import { END_REASONS, MAIN_PRACTITIONERS, SEXES } from '../../../engine/panel/panel.ts'
import { shardOf } from '../../../engine/panel/shard.ts'
import { cleaned, isNothing } from '../../cells/text.ts'
import { FAULTY } from './cells.ts'
import type { Cell, Cells, Convert } from './cells.ts'
import type { FactFile } from './fact-file.ts'
import { fastPatientCells } from './fast-cells.ts'
import { valueCell } from './value-cell.ts'

const partners: FactFile = {
  file: 'partners.csv',
  required: true,
  columns: { required: ['partner_id', 'name', 'kind'], optional: ['agb', 'member_of'] },
  table: 'partner',
  payload: { partner_id: 'text', name: 'text', kind: 'text', agb: 'text', member_of: 'text' },
  key: ['partner_id'],
  unique: 'partner_id',
  distinguishing: null,
  cells: (c) => [
    c.requiredName('partner_id', c.name),
    c.requiredName('name', c.text),
    c.required('kind', c.oneOf(PARTNER_KINDS, 'kind')),
    c.optional('agb', c.digits(8)),
    c.optional('member_of', c.name),
  ],
  order: null,
  days: [],
}

/** A year that is not empty and cannot be read is a fault of the row. */
const birthYearOf = (c: Cells): Convert => {
  const { delivered } = c.reading.context
  const yearOf = c.birthYear(1850, delivered === null ? 2199 : Number(delivered.slice(0, 4)))
  return (text, column) => {
    const cell = yearOf(text, column)
    return typeof cell !== 'string' && 'fault' in cell ? { ...cell, ofRow: true } : cell
  }
}

const patients: FactFile = {
  file: 'patients.csv',
  required: true,
  columns: { required: ['patient_id', 'birth_year', 'sex'], optional: ['postcode4', 'insurer', 'died_on'] },
  table: 'patient_state',
  // patient_id and shard become a patient_key once the file is staged
  payload: {
    patient_id: 'text',
    shard: 'smallint',
    birth_year: 'smallint',
    sex: 'char(1)',
    postcode4: 'text',
    insurer: 'text',
    died_on: 'date',
  },
  key: ['patient_id'],
  unique: 'patient_id',
  distinguishing: null,
  cells: (c) => {
    const { patients, bsn } = c.reading.context
    const at = c.at('patient_id')
    const id = c.requiredName('patient_id', (text, column) => {
      bsn.count(text)
      return c.name(patients.storedId(text), column)
    })
    return [
      id,
      (fields) => String(shardOf(patients.storedId(cleaned(fields[at] ?? '')))),
      c.optional('birth_year', birthYearOf(c)),
      c.requiredName('sex', c.oneOf(SEXES, 'sex')),
      c.optional('postcode4', c.postcode4),
      c.optional('insurer', c.digits(4)),
      c.optional('died_on', c.day),
    ]
  },
  fastCells: (c, q) => fastPatientCells(c, q, { birthYear: birthYearOf(c), sex: c.oneOf(SEXES, 'sex') }),
  order: [2, 6, 'died_on'],
  days: [6],
}

const REASONS = END_REASONS.filter((reason) => reason !== '')

const enrolments: FactFile = {
  file: 'enrolments.csv',
  required: true,
  columns: {
    required: ['patient_id', 'programme', 'partner_id', 'started_on'],
    optional: ['ended_on', 'end_reason', 'main_practitioner'],
  },
  table: 'enrolment',
  payload: {
    patient_key: 'int',
    programme: 'text',
    partner_id: 'text',
    started_on: 'date',
    ended_on: 'date',
    end_reason: 'text',
    main_practitioner: 'text',
  },
  key: ['patient_key', 'programme'],
  unique: null,
  distinguishing: null,
  cells: (c) => [
    c.requiredName('patient_id', c.patient),
    c.required('programme', c.programme),
    c.requiredName('partner_id', c.partner),
    c.required('started_on', c.day),
    c.optional('ended_on', c.day),
    c.optional('end_reason', c.oneOf(REASONS, 'end_reason')),
    // of all words for nothing, none is a word of the interface here
    c.optional(
      'main_practitioner',
      c.oneOf(MAIN_PRACTITIONERS, 'main_practitioner'),
      (text) => text !== 'none' && isNothing(text),
    ),
  ],
  fastCells: (c, q) => [
    q.patient('patient_id'),
    q.recurring('programme', c.programme),
    q.recurring('partner_id', c.partner),
    q.day('started_on', c.day),
    q.optional('ended_on', q.day('ended_on', c.day)),
    q.optional('end_reason', q.recurring('end_reason', c.oneOf(REASONS, 'end_reason'))),
    q.optional('main_practitioner', q.recurring('main_practitioner', c.oneOf(MAIN_PRACTITIONERS, 'main_practitioner'))),
  ],
  order: [3, 4, 'ended_on'],
  days: [3, 4],
  lived: [0, 3],
}

const observations: FactFile = {
  file: 'observations.csv',
  required: true,
  columns: { required: ['patient_id', 'measure', 'observed_on', 'value'], optional: ['unit', 'partner_id'] },
  table: 'observation',
  payload: {
    patient_key: 'int',
    measure_id: 'smallint',
    observed_on: 'date',
    value: 'float8',
    partner_id: 'text',
  },
  key: ['patient_key', 'measure_id', 'observed_on'],
  unique: null,
  distinguishing: 5,
  cells: (c) => [
    c.requiredName('patient_id', c.patient),
    c.required('measure', c.measure),
    c.required('observed_on', c.day),
    valueCell(c),
    c.optional('partner_id', c.partner),
  ],
  fastCells: (c, q) => [
    q.patient('patient_id'),
    q.measure('measure'),
    q.day('observed_on', c.day),
    q.value('value', 'unit'),
    q.optional('partner_id', q.recurring('partner_id', c.partner)),
  ],
  order: null,
  days: [2],
  lived: [0, 2],
}

const CODE_SYSTEMS = ['ICPC-1', 'ICD-10', 'SNOMED']

const conditions: FactFile = {
  file: 'conditions.csv',
  required: false,
  columns: { required: ['patient_id', 'code_system', 'code', 'onset_on'], optional: ['resolved_on'] },
  table: 'condition_episode',
  payload: { patient_key: 'int', code_system: 'text', code: 'text', onset_on: 'date', resolved_on: 'date' },
  key: ['patient_key', 'code_system', 'code', 'onset_on'],
  unique: null,
  distinguishing: 5,
  cells: (c) => [
    c.requiredName('patient_id', c.patient),
    c.required('code_system', c.oneOf(CODE_SYSTEMS, 'code_system')),
    c.requiredName('code', c.name),
    c.required('onset_on', c.day),
    c.optional('resolved_on', c.day),
  ],
  fastCells: (c, q) => [
    q.patient('patient_id'),
    q.recurring('code_system', c.oneOf(CODE_SYSTEMS, 'code_system')),
    q.name('code'),
    q.day('onset_on', c.day),
    q.optional('resolved_on', q.day('resolved_on', c.day)),
  ],
  order: [3, 4, 'resolved_on'],
  days: [3, 4],
}

const medications: FactFile = {
  file: 'medications.csv',
  required: false,
  columns: { required: ['patient_id', 'atc', 'started_on'], optional: ['ended_on'] },
  table: 'medication',
  payload: { patient_key: 'int', atc: 'text', started_on: 'date', ended_on: 'date' },
  key: ['patient_key', 'atc', 'started_on'],
  unique: null,
  distinguishing: 4,
  cells: (c) => [
    c.requiredName('patient_id', c.patient),
    c.requiredName('atc', c.name),
    c.required('started_on', c.day),
    // the end of a prescription may lie in the future
    c.optional('ended_on', c.plannedDay),
  ],
  fastCells: (c, q) => [
    q.patient('patient_id'),
    q.name('atc'),
    q.day('started_on', c.day),
    q.optional('ended_on', q.day('ended_on', c.plannedDay)),
  ],
  order: [2, 3, 'ended_on'],
  days: [2, 3],
  planned: [3],
}

/** An amount; that of a credit is negative, as its quantity is. */
function amountCell(c: Cells): Cell {
  const amount = c.required('amount_eur', c.cents)
  const quantityAt = c.at('quantity')
  return (fields, line) => {
    const cents = amount(fields, line)
    const isCredit = cleaned(fields[quantityAt] ?? '').startsWith('-')
    if (!isCredit || cents === FAULTY || cents.startsWith('-')) return cents
    const written = fields[c.at('amount_eur')] ?? ''
    c.reading.faults.add(line, 'amount_eur', written, 'a negative quantity with an amount that is not negative')
    return FAULTY
  }
}

const claims: FactFile = {
  file: 'claims.csv',
  required: false,
  columns: {
    required: ['claim_id', 'patient_id', 'partner_id', 'performed_on', 'code', 'quantity', 'amount_eur'],
    optional: ['setting'],
  },
  table: 'claim',
  payload: {
    claim_id: 'text',
    patient_key: 'int',
    partner_id: 'text',
    performed_on: 'date',
    code: 'text',
    quantity: 'float8',
    amount_cents: 'bigint',
    setting: 'text',
  },
  // a credit stands beside the claim that it names
  key: ['claim_id', 'is_credit'],
  unique: 'claim_id',
  distinguishing: 1,
  cells: (c) => [
    c.requiredName('claim_id', c.name),
    c.requiredName('patient_id', c.patient),
    c.requiredName('partner_id', c.partner),
    c.required('performed_on', c.day),
    c.requiredName('code', c.name),
    c.required('quantity', c.quantity),
    amountCell(c),
    c.optional('setting', c.name),
  ],
  fastCells: (c, q) => [
    q.name('claim_id'),
    q.patient('patient_id'),
    q.recurring('partner_id', c.partner),
    q.day('performed_on', c.day),
    q.name('code'),
    q.atLeast('quantity', 0),
    q.cents('amount_eur'),
    q.optional('setting', q.name('setting')),
  ],
  order: null,
  days: [3],
  derived: { is_credit: 'quantity < 0' },
}

const quality: FactFile = {
  file: 'quality.csv',
  required: false,
  columns: { required: ['partner_id', 'gate', 'value'], optional: ['period', 'evidence'] },
  table: 'quality',
  payload: { partner_id: 'text', gate: 'text', value: 'text', period: 'text', evidence: 'text' },
  key: ['partner_id', 'gate', 'period'],
  unique: 'gate',
  distinguishing: null,
  cells: (c) => [
    c.requiredName('partner_id', c.partner),
    c.requiredName('gate', c.name),
    c.requiredName('value', c.truth),
    c.optional('period', c.keyName),
    c.optional('evidence', c.text),
  ],
  order: null,
  days: [],
}

/** Days may be still to come: an insurer changes on 1 January, and is known in December. */
const insured: FactFile = {
  file: 'insured.csv',
  required: false,
  columns: { required: ['patient_id', 'insurer', 'since'], optional: ['until'] },
  table: 'insured',
  payload: { patient_key: 'int', insurer: 'text', since: 'date', until: 'date' },
  key: ['patient_key'],
  unique: null,
  distinguishing: null,
  cells: (c) => [
    c.requiredName('patient_id', c.patient),
    c.required('insurer', c.digits(4)),
    c.required('since', c.plannedDay),
    c.optional('until', c.plannedDay),
  ],
  order: [2, 3, 'until'],
  days: [],
}

const participation: FactFile = {
  file: 'participation.csv',
  required: false,
  columns: { required: ['patient_id', 'programme', 'consent', 'since'], optional: ['until'] },
  table: 'participation',
  payload: { patient_key: 'int', programme: 'text', consent: 'text', since: 'date', until: 'date' },
  key: ['patient_key', 'programme'],
  unique: null,
  distinguishing: null,
  cells: (c) => [
    c.requiredName('patient_id', c.patient),
    c.required('programme', c.programme),
    c.required('consent', c.oneOf(['true', 'false'], 'boolean')),
    c.required('since', c.day),
    c.optional('until', c.plannedDay),
  ],
  order: [3, 4, 'until'],
  days: [],
}

const providerContracts: FactFile = {
  file: 'provider_contracts.csv',
  required: false,
  columns: { required: ['partner_id', 'programme', 'insurer', 'start', 'end'], optional: ['main_contractor'] },
  table: 'provider_contract',
  payload: {
    partner_id: 'text',
    programme: 'text',
    insurer: 'text',
    starts_on: 'date',
    ends_on: 'date',
    main_contractor: 'text',
  },
  key: ['partner_id', 'programme', 'insurer'],
  unique: null,
  distinguishing: null,
  cells: (c) => [
    c.requiredName('partner_id', c.partner),
    c.required('programme', c.programme),
    c.required('insurer', c.digits(4)),
    c.required('start', c.plannedDay),
    c.required('end', c.plannedDay),
    c.optional('main_contractor', c.partner),
  ],
  order: [3, 4, 'end'],
  days: [],
}

/** In the order of import: a file follows the files that it refers to. */
export const FACT_FILES: readonly FactFile[] = [
  partners,
  patients,
  enrolments,
  observations,
  conditions,
  medications,
  claims,
  quality,
  insured,
  participation,
  providerContracts,
]
