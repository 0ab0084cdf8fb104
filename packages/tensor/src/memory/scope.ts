import './dispose-symbol.ts'
import type { Tensor } from '../tensor.ts'
import type { ScopeStack } from './scope-stack.ts'

/**
 * Owns the tensors made while it is the innermost open scope, and disposes them when it closes.
 *
 * @example
 * using scope = device.scope()
 * const result = scope.keep(softmax(matmul(a, b), { axis: -1 })) // lives on, the product does not
 */
export class Scope {
  readonly #stack: ScopeStack
  readonly #tensors: Tensor[] = []
  #open = true

  /** @internal Scopes are opened with `device.scope()`. */
  constructor(stack: ScopeStack) {
    this.#stack = stack
  }

  /** @internal */
  own(tensor: Tensor): void {
    tensor.scope = this
    this.#tensors.push(tensor)
  }

  /** Moves a tensor to the enclosing scope, or out of all scopes; one that this scope does not own stays where it is. */
  keep<T extends Tensor>(tensor: T): T {
    if (tensor.scope !== this) return tensor
    const outer = this.#stack.outer(this)
    if (outer) outer.own(tensor)
    else this.#stack.retain(tensor)
    return tensor
  }

  dispose(): void {
    if (!this.#open) return
    this.#open = false
    this.#stack.close(this)
    for (const tensor of this.#tensors) if (tensor.scope === this) tensor.dispose()
    this.#tensors.length = 0
  }

  [Symbol.dispose](): void {
    this.dispose()
  }
}
