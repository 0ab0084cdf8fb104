// Who may import whom: the one copy of the table in docs/architecture.md that a machine reads.
// A package may import itself and the packages listed; a trailing ':types' allows types only.
module.exports = {
  tensor: [],
  tokenizer: [],
  'backend-cpu': ['tensor'],
  'backend-gpujs': ['tensor'],
  'backend-webgpu': ['tensor'],
  instruments: ['tensor'],
  nn: ['tensor'],
  attention: ['instruments', 'nn', 'tensor'],
  checkpoints: [],
  data: ['tokenizer:types'],
  'model-zoo': ['attention', 'nn', 'tensor', 'checkpoints', 'tokenizer'],
  generation: ['nn', 'tensor', 'tokenizer:types'],
  trainer: ['nn', 'data', 'tensor'],
  pipelines: [
    'attention',
    'checkpoints',
    'data',
    'generation',
    'model-zoo',
    'nn',
    'tensor',
    'tokenizer',
    'trainer',
  ],
  qkv: '*',
}
