# The model of the translation demo in torch; weights by qkv's paths, matrices [out, in].
import math

import torch
from torch.nn import functional

from attention import attend


def rotary_tables(length, head_size):
    pairs = head_size // 2
    rates = 10000.0 ** (-torch.arange(pairs, dtype=torch.float64) / pairs)
    angles = torch.arange(length, dtype=torch.float64)[:, None] * rates
    return angles.cos().float(), angles.sin().float()


def rotate(x, cosines, sines):
    first, second = x.chunk(2, -1)
    return torch.cat([first * cosines - second * sines, second * cosines + first * sines], -1)


class Translation:
    def __init__(self, inputs, settings):
        self.settings = settings
        self.weights = {name: value for name, value in inputs.items() if name not in ("source", "target", "next")}
        head_size = settings["width"] // settings["heads"]
        self.cosines, self.sines = rotary_tables(max(settings["source"], settings["target"]), head_size)

    def linear(self, name, x):
        return functional.linear(x, self.weights[f"{name}.weight"], self.weights[f"{name}.bias"])

    def norm(self, name, x):
        weight, bias = self.weights[f"{name}.weight"], self.weights[f"{name}.bias"]
        return functional.layer_norm(x, weight.shape, weight, bias, 1e-6)

    def heads(self, name, x):
        batch, length, width = x.shape
        heads = self.settings["heads"]
        return self.linear(name, x).view(batch, length, heads, width // heads).transpose(1, 2)

    def join(self, name, mixed):
        batch, heads, length, size = mixed.shape
        return self.linear(f"{name}.output", mixed.transpose(1, 2).reshape(batch, length, heads * size))

    def embed(self, name, ids):
        return functional.embedding(ids, self.weights[f"{name}.table"]) * math.sqrt(self.settings["width"])

    def self_attention(self, name, x, start, causal, cache=None):
        rows = slice(start, start + x.shape[1])
        cosines, sines = self.cosines[rows], self.sines[rows]
        query = rotate(self.heads(f"{name}.query", x), cosines, sines)
        key = rotate(self.heads(f"{name}.key", x), cosines, sines)
        value = self.heads(f"{name}.value", x)
        if cache is not None:
            keys, values = cache
            keys[:, :, rows], values[:, :, rows] = key, value
            key, value = keys[:, :, : rows.stop], values[:, :, : rows.stop]
        return self.join(name, attend(query, key, value, causal))

    def feed_forward(self, layer, x):
        inner = self.linear(f"{layer}.feedForward.up", self.norm(f"{layer}.feedForwardSublayer.norm", x))
        return x + self.linear(f"{layer}.feedForward.down", functional.relu(inner))

    def encode(self, source):
        x = self.embed("sourceEmbedding", source)
        for index in range(self.settings["encoderLayers"]):
            layer = f"encoder.layers.{index}"
            normed = self.norm(f"{layer}.selfAttentionSublayer.norm", x)
            x = x + self.self_attention(f"{layer}.selfAttention", normed, 0, False)
            x = self.feed_forward(layer, x)
        return self.norm("encoder.norm", x)

    def memory_heads(self, memory):
        names = [f"decoder.layers.{index}.crossAttention" for index in range(self.settings["decoderLayers"])]
        return [(self.heads(f"{name}.key", memory), self.heads(f"{name}.value", memory)) for name in names]

    def decode(self, target, memory_heads, start=0, caches=None):
        x = self.embed("targetEmbedding", target)
        for index, (key, value) in enumerate(memory_heads):
            layer = f"decoder.layers.{index}"
            normed = self.norm(f"{layer}.selfAttentionSublayer.norm", x)
            cache = None if caches is None else caches[index]
            x = x + self.self_attention(f"{layer}.selfAttention", normed, start, caches is None, cache)
            normed = self.norm(f"{layer}.crossAttentionSublayer.norm", x)
            query = self.heads(f"{layer}.crossAttention.query", normed)
            x = x + self.join(f"{layer}.crossAttention", attend(query, key, value, False))
            x = self.feed_forward(layer, x)
        return functional.linear(self.norm("decoder.norm", x), self.weights["targetEmbedding.table"])


class TranslationTrainingStep:
    def __init__(self, inputs, settings, create_optimizer):
        self.model = Translation(inputs, settings)
        self.source, self.target = inputs["source"], inputs["target"]
        self.next = inputs["next"].flatten().long()
        parameters = [weight.requires_grad_() for weight in self.model.weights.values()]
        self.optimizer = create_optimizer(parameters)
        self.losses = []

    def run(self):
        self.optimizer.zero_grad(set_to_none=True)
        logits = self.model.decode(self.target, self.model.memory_heads(self.model.encode(self.source)))
        loss = functional.cross_entropy(logits.flatten(0, 1), self.next)
        loss.backward()
        self.optimizer.step()
        self.losses.append(loss.item())

    def output(self):
        return torch.tensor(self.losses)


class TranslationDecode:
    """Keys and values of the decoder are written into tensors of the full length."""

    def __init__(self, inputs, settings):
        self.model, self.settings = Translation(inputs, settings), settings
        self.source, self.target = inputs["source"], inputs["target"]

    @torch.no_grad()
    def run(self):
        width, heads, length = (self.settings[name] for name in ("width", "heads", "target"))
        memory_heads = self.model.memory_heads(self.model.encode(self.source))
        caches = [torch.zeros(2, 1, heads, length, width // heads) for _ in memory_heads]
        self.logits = [
            self.model.decode(self.target[:, at : at + 1], memory_heads, at, caches) for at in range(length)
        ]

    def output(self):
        return torch.cat(self.logits)
