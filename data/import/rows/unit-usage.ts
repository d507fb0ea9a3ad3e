/** What only the import sees of a delivery, and its profile tells afterwards: the units in which values came, and what refused rows probably are. */
import type { ClientBase } from 'pg'
import type { Cause } from '../../profile/likely-cause.ts'

/** One unit of one measure; blank where the file named none. */
export interface UnitMet {
  readonly measureId: number
  readonly unit: string
  /** whether values in it had to be converted */
  readonly converted: boolean
  /** sound rows, exact duplicates included */
  rows: number
}

export class Met {
  /** of the value read last; its row is counted once it is sound */
  private current: UnitMet | null = null
  private readonly units = new Map<string, UnitMet>()
  /** faults by measure (null: none) and likely cause */
  private readonly causes = new Map<string, { measureId: number | null; cause: Cause; rows: number }>()

  unit(measureId: number, unit: string, converted: boolean): UnitMet {
    const key = `${measureId} ${unit}`
    let met = this.units.get(key)
    if (!met) this.units.set(key, (met = { measureId, unit, converted, rows: 0 }))
    return met
  }

  read(unit: UnitMet): void {
    this.current = unit
  }

  /** The row at hand is sound. */
  accepted(): void {
    if (this.current === null) return
    this.current.rows++
    this.current = null
  }

  suspect(measureId: number | null, cause: Cause): void {
    const key = `${measureId} ${cause}`
    const known = this.causes.get(key)
    if (known) known.rows++
    else this.causes.set(key, { measureId, cause, rows: 1 })
  }

  /** Keeps what was met with its delivery. */
  async record(client: ClientBase, deliveryId: number): Promise<void> {
    const units = [...this.units.values()].filter(({ rows }) => rows > 0)
    await client.query(
      `insert into unit_met (delivery_id, measure_id, unit, converted, rows)
       select $1, * from unnest($2::smallint[], $3::text[], $4::boolean[], $5::bigint[])`,
      [
        deliveryId,
        units.map(({ measureId }) => measureId),
        units.map(({ unit }) => unit),
        units.map(({ converted }) => converted),
        units.map(({ rows }) => rows),
      ],
    )
    const causes = [...this.causes.values()]
    await client.query(
      `insert into likely_cause (delivery_id, measure_id, cause, faults)
       select $1, * from unnest($2::smallint[], $3::text[], $4::bigint[])`,
      [
        deliveryId,
        causes.map(({ measureId }) => measureId),
        causes.map(({ cause }) => cause),
        causes.map(({ rows }) => rows),
      ],
    )
  }
}
