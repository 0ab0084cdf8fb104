import type { StringArgDef } from 'citty'

type Text = StringArgDef & { readonly type: 'string' }

/** Arguments of the commands that use a trained model. */
export const modelArguments: {
  readonly model: Text
  readonly from: Text
  readonly to: Text
  readonly config: Text
  readonly backend: Text
  readonly beams: Text
} = {
  model: {
    type: 'string',
    alias: 'm',
    valueHint: 'folder',
    description: 'The trained model; the output of qkv.config.ts unless said.',
  },
  from: {
    type: 'string',
    valueHint: 'language',
    description: 'With --to, instead of --model: a model that comes with qkv. zh or en.',
  },
  to: { type: 'string', valueHint: 'language', description: 'The language to translate to: en or zh.' },
  config: {
    type: 'string',
    valueHint: 'file',
    description: 'The config with its plugins; qkv.config.* of this folder, if there is one, unless said.',
  },
  backend: {
    type: 'string',
    valueHint: 'names',
    description: 'What to compute with, such as cpu, or several by preference: webgpu,cpu.',
  },
  beams: {
    type: 'string',
    valueHint: 'count',
    description: 'Partial translations kept at each step; what the model was trained with unless said.',
  },
}
