/** The messages between the thread pool and a thread: a call by name, and the reply. */
import type { Refusal } from '../../engine/kernel/refusal.ts'

/** A task as its module exports it: a pure function of one argument that can be cloned. */
export type Task = (payload: never) => unknown
export type Tasks = { readonly [name: string]: Task }

export interface Call {
  readonly task: string
  readonly payload: unknown
}

/** An error loses its class between threads, so a refusal is sent as its fields. */
export type Reply = { readonly value: unknown } | { readonly refusal: Pick<Refusal, 'code' | 'message' | 'facts'> }
