import type { Module } from '@qkv/nn'

/**
 * Measures a model. It is called in evaluation mode, outside all scopes, and frees what it makes.
 *
 * @example
 * const evaluator: Evaluator = { name: 'size', evaluate: async (model) => ({ parameters: model.parameterCount() }) }
 */
export interface Evaluator<Model extends Module = Module> {
  readonly name: string
  /** Figures by name, such as `loss` or `bleu`. The same weights give the same figures. */
  evaluate(model: Model): Promise<Readonly<Record<string, number>>>
}
