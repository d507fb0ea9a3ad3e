/** A day as a source writes it: blank where it has none, perhaps a month or a year, and unchecked until the import reads its row as any other. */
export type SourceDay = string
