import './dispose-symbol.ts'
import type { Tensor } from '../tensor.ts'

/**
 * Owns the tensors made while it is the innermost open scope, and disposes them when it closes.
 *
 * @example
 * using scope = device.scope()
 * const result = scope.keep(softmax(matmul(a, b), { axis: -1 })) // lives on, the product does not
 */
export class Scope {
  readonly #parent: () => Scope | undefined
  readonly #close: (scope: Scope) => void
  readonly #adopt: (tensor: Tensor) => void
  readonly #tensors: Tensor[] = []
  #open = true

  /** @internal Scopes are opened with `device.scope()`. */
  constructor(
    parent: () => Scope | undefined,
    close: (scope: Scope) => void,
    adopt: (tensor: Tensor) => void,
  ) {
    this.#parent = parent
    this.#close = close
    this.#adopt = adopt
  }

  /** @internal */
  own(tensor: Tensor): void {
    tensor.scope = this
    this.#tensors.push(tensor)
  }

  /** Moves a tensor to the enclosing scope, or out of all scopes; one that this scope does not own stays where it is. */
  keep<T extends Tensor>(tensor: T): T {
    if (tensor.scope !== this) return tensor
    const parent = this.#parent()
    if (parent) parent.own(tensor)
    else {
      tensor.scope = undefined
      this.#adopt(tensor)
    }
    return tensor
  }

  dispose(): void {
    if (!this.#open) return
    this.#open = false
    this.#close(this)
    for (const tensor of this.#tensors) if (tensor.scope === this) tensor.dispose()
    this.#tensors.length = 0
  }

  [Symbol.dispose](): void {
    this.dispose()
  }
}
