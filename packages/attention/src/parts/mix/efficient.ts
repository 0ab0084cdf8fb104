import { matmul, repeatKeyHeads, softmax, transpose, unsqueeze } from '@qkv/tensor'
import { maskedSoftmax } from '../../attend.ts'
import { keptKeys } from '../../mixers/features.ts'
import type { AttentionPart } from '../../part.ts'

/**
 * Attention in linear time: a softmax over the columns of each query, and one over the positions of each column of the
 * keys. Each column of the keys is a map of the whole sequence, which gathers one global vector of the values; a query mixes
 * these vectors. There is no scale.
 *
 * @example
 * compose([efficient(), padding()])
 */
export function efficient(): AttentionPart {
  return {
    name: 'efficient',
    source:
      'Shen et al. 2018, Efficient Attention: Attention with Linear Complexities, section 3.2 (arXiv 1812.01243)',
    about: {
      year: 2018,
      formula: 'o = softmax(q over columns)·Σ softmax(k over positions) v',
      use: 'Images and other long inputs that are read at once.',
    },
    obeys: ['padding'],
    cacheable: false,
    excludes: { causal: 'the softmax over the positions of a column reads all of them' },
    mix(context, query, key, value) {
      const heads = query.shape[1]!
      const keep = keptKeys(context, key.shape[2]!)
      const maps = maskedSoftmax(transpose(key), keep && unsqueeze(keep, { axis: 1 }))
      const gathered = repeatKeyHeads(matmul(maps, value), heads)
      return matmul(softmax(query), gathered)
    },
  }
}
