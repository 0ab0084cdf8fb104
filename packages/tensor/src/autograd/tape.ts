import type { Op } from '../op.ts'
import type { Tensor } from '../tensor.ts'

/** One recorded call. */
export interface TapeNode {
  readonly op: Op
  readonly attrs: unknown
  readonly scalars: readonly number[]
  readonly inputs: readonly Tensor[]
  readonly outputs: readonly Tensor[]
}

/** The calls that led from the targets to a result, in order, with the values that their gradient rules read. */
export class Tape {
  /** Marks the tensors that depend on a target; several tapes can be open at once. */
  readonly bit: number
  readonly nodes: TapeNode[] = []
  readonly #targets: readonly Tensor[]

  constructor(bit: number, targets: readonly Tensor[]) {
    this.bit = bit
    this.#targets = targets
    for (const target of targets) target.tapes |= bit
  }

  record(node: TapeNode): void {
    this.nodes.push(node)
    forEachSaved(node, hold)
  }

  /** Takes the last node off; the caller lets go of it when its gradient is done. */
  pop(): TapeNode | undefined {
    return this.nodes.pop()
  }

  letGo(node: TapeNode): void {
    forEachSaved(node, letGo)
    for (const output of node.outputs) output.tapes &= ~this.bit
  }

  /** Frees what is left, and the marks on the targets. */
  close(): void {
    for (let node = this.pop(); node; node = this.pop()) this.letGo(node)
    for (const target of this.#targets) target.tapes &= ~this.bit
  }
}

const hold = (tensor: Tensor): void => tensor.hold()
const letGo = (tensor: Tensor): void => tensor.letGo()

function forEachSaved({ op, inputs, outputs }: TapeNode, visit: (tensor: Tensor) => void): void {
  visitSaved(inputs, op.saves?.inputs, visit)
  visitSaved(outputs, op.saves?.outputs, visit)
}

function visitSaved(
  tensors: readonly Tensor[],
  indices: readonly number[] | undefined,
  visit: (tensor: Tensor) => void,
): void {
  if (indices === undefined) for (const tensor of tensors) visit(tensor)
  // The indices may name optional inputs, which this call may lack.
  else for (const index of indices) if (index < tensors.length) visit(tensors[index]!)
}
