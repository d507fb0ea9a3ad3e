/** The panel of one shard: its patients with all data that the method may use, in columns, shared by every stage.
 *
 *  Patients ascend by patient_id (code units). A list of one patient lies between offsets[i] and offsets[i + 1].
 *  Days are epoch days; NEVER where there is none. Readings of a patient ascend by (day, value), so that the order
 *  of arrival leaves no trace. */

export interface EnrolmentColumns {
  readonly offsets: Int32Array
  /** index in Panel.partners: the enrolment's own partner (the practice) */
  readonly partner: Int32Array
  readonly startedOn: Int32Array
  readonly endedOn: Int32Array
  /** index in END_REASONS */
  readonly endReason: Uint8Array
  /** index in MAIN_PRACTITIONERS */
  readonly mainPractitioner: Uint8Array
}

export interface ReadingColumns {
  readonly offsets: Int32Array
  readonly day: Int32Array
  readonly value: Float64Array
}

export interface SpanColumns {
  readonly offsets: Int32Array
  /** index in the list of codes beside it */
  readonly code: Int32Array
  readonly since: Int32Array
  readonly until: Int32Array
}

/** Of a patient whose birth year is not known. */
export const NO_BIRTH_YEAR = 0

/** Years from the birth year to another; NaN: it is not known. */
export const ageIn = (year: number, birthYear: number): number => (birthYear === NO_BIRTH_YEAR ? NaN : year - birthYear)

export interface Panel {
  readonly patientIds: readonly string[]
  /** calendar years; NO_BIRTH_YEAR: not known */
  readonly birthYear: Int16Array
  /** 0 m, 1 f, 2 x */
  readonly sex: Uint8Array
  /** index in `insurers` */
  readonly insurer: Int32Array
  readonly insurers: readonly string[]
  readonly diedOn: Int32Array
  /** every partner of the region, ascending by partner_id */
  readonly partners: readonly PanelPartner[]
  /** of the programme only, ascending by startedOn */
  readonly enrolments: EnrolmentColumns
  /** measure keys of the programme, and their readings in the same order */
  readonly measures: readonly string[]
  readonly readings: readonly ReadingColumns[]
  readonly conditionCodes: readonly string[]
  readonly conditions: SpanColumns
  readonly atcCodes: readonly string[]
  readonly medications: SpanColumns
}

export interface PanelPartner {
  readonly partnerId: string
  readonly kind: string
  /** the care group that the practice belongs to, or null */
  readonly memberOf: string | null
}

export const END_REASONS = ['', 'died', 'moved', 'specialist', 'declined', 'recovered', 'other'] as const
export const MAIN_PRACTITIONERS = ['gp', 'specialist', 'none'] as const
export const SEXES = ['m', 'f', 'x'] as const

/** Logical shards of every region: fixed, so that no result depends on how many workers there are. */
export const SHARDS = 16
