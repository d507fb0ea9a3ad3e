/** Matrix products in a form that the WebAssembly backend computes fast: two untransposed matrices at a time. */
import type * as Tensors from '@tensorflow/tfjs'

type Tf = typeof Tensors

/** Stacked matrices, [units x many, columns], as a block-diagonal matrix, [units x many, units x columns]: multiplied by the stacked
 *  right-hand sides, it gives the product of each unit, and the zero blocks add exactly 0 to every sum. Many times the work,
 *  yet faster: the WebAssembly backend multiplies batches of matrices through a naive loop. */
export function blockDiagonal(
  tf: Tf,
  { spread, gather, mask }: Diagonal,
  matrices: Tensors.Tensor2D,
): Tensors.Tensor2D {
  return tf.customGrad((x: unknown) => ({
    value: tf.matMul(x as Tensors.Tensor2D, spread).mul(mask),
    gradFunc: (dy: Tensors.Tensor) => tf.matMul(dy.mul(mask), gather),
  }))(matrices) as Tensors.Tensor2D
}

export interface Diagonal {
  /** [columns, units x columns]: repeated identity matrices; and the transpose */
  readonly spread: Tensors.Tensor2D
  readonly gather: Tensors.Tensor2D
  /** [units x many, units x columns] */
  readonly mask: Tensors.Tensor2D
}

export function diagonalOf(tf: Tf, units: number, many: number, columns: number): Diagonal {
  const across = units * columns
  const [spread, mask] = [new Float32Array(columns * across), new Float32Array(units * many * across)]
  for (let u = 0; u < units; u++) {
    for (let k = 0; k < columns; k++) spread[k * across + u * columns + k] = 1
    for (let row = u * many; row < (u + 1) * many; row++)
      mask.fill(1, row * across + u * columns, row * across + (u + 1) * columns)
  }
  const wide = tf.tensor2d(spread, [columns, across])
  return { spread: wide, gather: tf.transpose(wide), mask: tf.tensor2d(mask, [units * many, across]) }
}

/** a b, with gradients that transpose their matrices first: the WebAssembly backend multiplies untransposed matrices fast, but uses the naive loop where it
 *  transposes an operand itself. Data get no gradient. */
export function productOf(tf: Tf, a: Tensors.Tensor2D, b: Tensors.Tensor2D, isData = false): Tensors.Tensor2D {
  const product = tf.customGrad((...given: unknown[]) => {
    const save = given.pop() as Tensors.GradSaveFunc
    const [left, right] = (isData ? [...given, b] : given) as [Tensors.Tensor2D, Tensors.Tensor2D]
    save([left, right])
    return {
      value: tf.matMul(left, right),
      gradFunc: (dy: Tensors.Tensor, saved: Tensors.Tensor[]) => {
        const [w, x] = saved as [Tensors.Tensor2D, Tensors.Tensor2D]
        const ofLeft = tf.matMul(dy, tf.transpose(x))
        return isData ? ofLeft : [ofLeft, tf.matMul(tf.transpose(w), dy)]
      },
    }
  })
  return (isData ? product(a) : product(a, b)) as Tensors.Tensor2D
}
