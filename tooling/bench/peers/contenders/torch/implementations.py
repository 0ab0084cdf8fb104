# What torch does for each kind of work, without a compiler: as most of its users run it.
import torch
from torch.nn import functional

from attention import attend
from translation import TranslationDecode, TranslationTrainingStep


class Repeated:
    """A computation whose result is kept until the next run."""

    def __init__(self, compute):
        self.compute = compute

    @torch.no_grad()
    def run(self):
        self.result = self.compute()

    def output(self):
        return self.result


def gemm(inputs, settings):
    a, b = inputs["a"], inputs["b"]
    return Repeated(lambda: a @ b)


def softmax(inputs, settings):
    x = inputs["x"]
    return Repeated(lambda: functional.softmax(x, -1))


def layer_norm(inputs, settings):
    x, weight, bias = inputs["x"], inputs["weight"], inputs["bias"]
    return Repeated(lambda: functional.layer_norm(x, weight.shape, weight, bias, 1e-5))


def gelu(inputs, settings):
    x = inputs["x"]
    return Repeated(lambda: functional.gelu(x, approximate="tanh"))


def create_optimizer(parameters):
    try:
        return torch.optim.AdamW(parameters, lr=1e-3, weight_decay=0.01, fused=True)
    except (TypeError, RuntimeError):  # older versions have no fused kernel for the processor
        return torch.optim.AdamW(parameters, lr=1e-3, weight_decay=0.01)


class AdamWKernel:
    def __init__(self, inputs, settings):
        self.parameter = torch.nn.Parameter(inputs["parameter"])
        self.parameter.grad = inputs["gradient"]
        self.optimizer = create_optimizer([self.parameter])

    def run(self):
        self.optimizer.step()

    def output(self):
        return self.parameter


class Gpt:
    """Weights by the names of GPT-2 at Hugging Face, where matrices are [in, out]; torch wants them transposed."""

    def __init__(self, inputs, settings):
        self.settings = settings
        self.weights = {
            name: (value.T.contiguous() if name.startswith("h.") and value.dim() == 2 else value)
            for name, value in inputs.items()
            if name not in ("tokens", "targets")
        }

    def linear(self, name, x):
        return functional.linear(x, self.weights[f"{name}.weight"], self.weights[f"{name}.bias"])

    def norm(self, name, x):
        weight, bias = self.weights[f"{name}.weight"], self.weights[f"{name}.bias"]
        return functional.layer_norm(x, weight.shape, weight, bias, 1e-5)

    def logits(self, tokens, start, attend):
        """`attend(layer, query, key, value)`, each [batch, heads, length, headSize]."""
        batch, length = tokens.shape
        width, heads = self.settings["width"], self.settings["heads"]
        x = functional.embedding(tokens, self.weights["wte.weight"]) + self.weights["wpe.weight"][start : start + length]
        for layer in range(self.settings["layers"]):
            name = f"h.{layer}"
            packed = self.linear(f"{name}.attn.c_attn", self.norm(f"{name}.ln_1", x))
            split = [
                part.view(batch, length, heads, width // heads).transpose(1, 2) for part in packed.split(width, -1)
            ]
            mixed = attend(layer, *split).transpose(1, 2).reshape(batch, length, width)
            x = x + self.linear(f"{name}.attn.c_proj", mixed)
            inner = self.linear(f"{name}.mlp.c_fc", self.norm(f"{name}.ln_2", x))
            x = x + self.linear(f"{name}.mlp.c_proj", functional.gelu(inner, approximate="tanh"))
        return functional.linear(self.norm("ln_f", x), self.weights["wte.weight"])


def attend_causally(layer, query, key, value):
    return attend(query, key, value, True)


def gpt_forward(inputs, settings):
    model, tokens = Gpt(inputs, settings), inputs["tokens"]
    return Repeated(lambda: model.logits(tokens, 0, attend_causally))


class GptTrainingStep:
    def __init__(self, inputs, settings):
        self.model = Gpt(inputs, settings)
        self.tokens, self.targets = inputs["tokens"], inputs["targets"].flatten().long()
        parameters = [weight.requires_grad_() for weight in self.model.weights.values()]
        self.optimizer = create_optimizer(parameters)
        self.losses = []

    def run(self):
        self.optimizer.zero_grad(set_to_none=True)
        logits = self.model.logits(self.tokens, 0, attend_causally)
        loss = functional.cross_entropy(logits.flatten(0, 1), self.targets)
        loss.backward()
        self.optimizer.step()
        self.losses.append(loss.item())

    def output(self):
        return torch.tensor(self.losses)


class GptDecode:
    """Keys and values are written into tensors of the full length."""

    def __init__(self, inputs, settings):
        self.model, self.tokens, self.settings = Gpt(inputs, settings), inputs["tokens"], settings

    @torch.no_grad()
    def advance(self, start, end):
        def attend_cached(layer, query, key, value):
            keys, values = self.caches[layer]
            keys[:, :, start:end] = key
            values[:, :, start:end] = value
            return attend(query, keys[:, :, :end], values[:, :, :end], causal=start == 0)

        return self.model.logits(self.tokens[:, start:end], start, attend_cached)[:, -1]

    def reset(self):
        width, heads, layers = (self.settings[name] for name in ("width", "heads", "layers"))
        shape = (2, 1, heads, self.settings["length"], width // heads)
        self.caches = [torch.zeros(shape) for _ in range(layers)]
        self.advance(0, self.settings["prefillLength"])

    def run(self):
        positions = range(self.settings["prefillLength"], self.settings["length"])
        self.logits = [self.advance(position, position + 1) for position in positions]

    def output(self):
        return torch.cat(self.logits)


implementations = {
    "gemm": gemm,
    "softmax": softmax,
    "layer-norm": layer_norm,
    "gelu": gelu,
    "adam-w": AdamWKernel,
    "gpt-forward": gpt_forward,
    "gpt-training-step": GptTrainingStep,
    "gpt-decode": GptDecode,
    "translation-training-step": lambda inputs, settings: TranslationTrainingStep(inputs, settings, create_optimizer),
    "translation-decode": TranslationDecode,
}
