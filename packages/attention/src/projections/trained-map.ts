import { xavierUniform, zeros } from '@qkv/nn'
import type { ParameterDeclaration, PartSizes } from '../part.ts'

/** A weight `[outputSize, inputSize]` of every attention module, from the model's width unless said; starts as the module's own projections do. */
export function trainedMap(
  outputSize: (sizes: PartSizes) => number,
  inputSize: (sizes: PartSizes) => number = ({ width }) => width,
): ParameterDeclaration {
  return {
    owner: 'attention',
    shape: (sizes) => [outputSize(sizes), inputSize(sizes)],
    initializer: xavierUniform(),
  }
}

/** The bias `[outputSize]` of such a map: zeros at first. */
export function trainedBias(outputSize: (sizes: PartSizes) => number): ParameterDeclaration {
  return { owner: 'attention', shape: (sizes) => [outputSize(sizes)], initializer: zeros() }
}
