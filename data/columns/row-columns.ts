/** The columns of an assessed year besides its outcomes: named once, for the store, the shards and the merge alike. */

/** The patient's key (for appending contributions of the same rows), indices in the run's partners and insurers, the index date (epoch days) and the exposure. */
export const ROW_COLUMNS = ['patientKey', 'partner', 'practice', 'insurer', 'indexOn', 'exposureDays'] as const
export type RowColumn = (typeof ROW_COLUMNS)[number]
export type RowColumns = { readonly [column in RowColumn]: Int32Array }

/** Every one of them, each made by its name. */
export const rowColumns = (of: (column: RowColumn) => Int32Array): RowColumns =>
  Object.fromEntries(ROW_COLUMNS.map((column) => [column, of(column)])) as RowColumns
